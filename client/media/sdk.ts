/** The SDK as the page sees it: the global `ChimeSDK`, typed by the package itself (types only). */
export type Sdk = typeof import("amazon-chime-sdk-js");

/** A status by its name; the numbers have changed between versions of the SDK. */
export type StatusName = keyof typeof import("amazon-chime-sdk-js").MeetingSessionStatusCode;

/** Sound, pictures and people of one meeting. */
export type AudioVideo = import("amazon-chime-sdk-js").AudioVideoFacade;

/** One picture on its way to the screen. */
export type TileState = import("amazon-chime-sdk-js").VideoTileState;

declare global {
  // A global that may not be there yet; `var` is how TypeScript declares one on globalThis.
  var ChimeSDK: Sdk | undefined;
}
