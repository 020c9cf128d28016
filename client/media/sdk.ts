/** Type of the global `ChimeSDK`. Only types are imported from the package. */
export type Sdk = typeof import("amazon-chime-sdk-js");

/** Name of a status. The numbers differ between SDK versions. */
export type StatusName = keyof typeof import("amazon-chime-sdk-js").MeetingSessionStatusCode;

/** Audio, video and attendees of a meeting. */
export type AudioVideo = import("amazon-chime-sdk-js").AudioVideoFacade;

/** State of one video tile. */
export type TileState = import("amazon-chime-sdk-js").VideoTileState;

declare global {
  // Undefined until the SDK file has run. TypeScript requires `var` for globalThis.
  var ChimeSDK: Sdk | undefined;
}
