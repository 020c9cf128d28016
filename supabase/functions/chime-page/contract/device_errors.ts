import type { CallTextKey } from "./page_data.ts";

/** Why a microphone or camera cannot be used. `refused`: the permission was denied. */
export type DeviceError = "refused" | "missing" | "busy";

/**
 * Text keys for a missing or busy device: `[microphone, camera]`. For a refused one, the text depends
 * on where its permission can be changed.
 */
export const DEVICE_ERROR_TEXTS: Readonly<
  Record<Exclude<DeviceError, "refused">, readonly [CallTextKey, CallTextKey]>
> = {
  missing: ["noMicrophone", "noCamera"],
  busy: ["microphoneBusy", "cameraBusy"],
};
