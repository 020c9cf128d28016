/** Permission for the microphone and camera: what the browser allows, and whether it is asking. */
import type { Devices } from "./devices.ts";

/** Keys of {@link Devices}. */
export type DeviceKind = "microphone" | "camera";
/** Both kinds, in the order in which their texts are shown. */
export const DEVICE_KINDS: readonly DeviceKind[] = ["microphone", "camera"];

/** Returns the state of a permission; undefined in browsers that do not tell. */
export async function permissionOf(kind: DeviceKind): Promise<PermissionStatus | undefined> {
  try {
    // The type lacks both names. Safari before 16 lacks the API, and Firefox before 131 the names.
    return await navigator.permissions.query({ name: kind as PermissionName });
  } catch {
    return undefined;
  }
}

/** Chromium's interface to the Permissions-Policy of a document. */
interface PolicyDocument {
  readonly featurePolicy?: { allowsFeature(feature: string): boolean };
}

/**
 * Whether the frame around the page allows a device: without `allow="camera; microphone"` every
 * request is refused. Undefined if the browser does not tell.
 */
export function frameAllows(
  page: Document & PolicyDocument,
  kind: DeviceKind,
): boolean | undefined {
  return globalThis.self === globalThis.top || page.featurePolicy?.allowsFeature(kind);
}

/** Faster answers come from the browser itself, which remembers an earlier one or never asks. */
export const PROMPT_MS = 400;

/**
 * Tells when the browser asks the person for a device, since many do not notice the prompt.
 * @param changed receives the devices that it asks for; empty when it is answered
 * @returns a function to call after each change of a device
 */
export function watchPrompt(
  devices: Devices,
  changed: (asked: readonly DeviceKind[]) => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked: readonly DeviceKind[] = [];
  const set = (next: readonly DeviceKind[]) => {
    if (next.join() === asked.join()) return;
    asked = next;
    changed(asked);
  };
  const opening = () => DEVICE_KINDS.filter((kind) => devices[kind].state === "busy");
  async function look(): Promise<void> {
    const states = new Map<DeviceKind, string | undefined>();
    for (const kind of opening()) states.set(kind, (await permissionOf(kind))?.state);
    // Without a question, it is only a slow device.
    set(opening().filter((kind) => states.has(kind) && states.get(kind) !== "granted"));
    timer = undefined;
  }
  return () => {
    const now = opening();
    set(asked.filter((kind) => now.includes(kind)));
    if (now.length === 0) {
      clearTimeout(timer);
      timer = undefined;
    } else timer ??= setTimeout(look, PROMPT_MS);
  };
}

/**
 * Calls `retry` for a device that could not be used and may work now: something was plugged in, the
 * permission was granted, or the person is back from the app that had it or from the settings.
 */
export function watchRecovery(
  devices: Devices,
  page: Document,
  retry: (kind: DeviceKind) => void,
): void {
  const retryIf = (fits: (kind: DeviceKind) => boolean) => DEVICE_KINDS.filter(fits).forEach(retry);
  const has = (kind: DeviceKind, ...troubles: readonly string[]) =>
    troubles.includes(devices[kind].trouble ?? "");
  navigator.mediaDevices?.addEventListener?.(
    "devicechange",
    () => retryIf((kind) => has(kind, "missing", "busy")),
  );
  page.addEventListener("visibilitychange", () => {
    if (page.visibilityState === "visible") retryIf((kind) => has(kind, "busy", "denied"));
  });
  for (const kind of DEVICE_KINDS) {
    permissionOf(kind).then((status) =>
      status?.addEventListener("change", () => {
        if (status.state === "granted" && has(kind, "refused", "denied")) retry(kind);
      })
    );
  }
}
