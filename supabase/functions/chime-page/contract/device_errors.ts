/**
 * Why a microphone or camera cannot be used. `refused`: the permission was denied. `muted`: it is
 * open, but the browser or the system has muted it, for example with Safari's own button.
 */
export type DeviceError = "refused" | "missing" | "busy" | "muted";
