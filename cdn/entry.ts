/**
 * What the SDK file holds: everything `amazon-chime-sdk-js` exports. Bundled into one classic script
 * that puts it into the global `ChimeSDK`.
 */
export * from "amazon-chime-sdk-js";
