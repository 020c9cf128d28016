import type { CallTextKey } from "./page_data.ts";

/** Why a microphone or camera cannot be used. */
export type DeviceError = "refused" | "missing" | "busy";

/**
 * What the page says about a missing or busy microphone, and about such a camera. What it says about
 * a refused one depends on the device's settings.
 */
export const DEVICE_ERROR_TEXTS: Readonly<
  Record<Exclude<DeviceError, "refused">, readonly [CallTextKey, CallTextKey]>
> = {
  missing: ["noMicrophone", "noCamera"],
  busy: ["microphoneBusy", "cameraBusy"],
};
