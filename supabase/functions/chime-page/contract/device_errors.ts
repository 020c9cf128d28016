/**
 * Why a microphone or camera cannot be used. `refused`: the person, the browser or the frame denied
 * it. `denied`: the operating system denies it to the browser. `muted`: it is open, but the browser
 * or the system has muted it, for example with Safari's own button.
 */
export type DeviceError = "refused" | "denied" | "missing" | "busy" | "muted";
