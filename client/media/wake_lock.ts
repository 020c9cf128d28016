/** Keeps the screen on. Web views often cannot, so the page also asks the host app. */

interface Sentinel {
  release(): Promise<void>;
}

/** The browser APIs used here; `wakeLock` is missing before iOS 16.4. */
export interface WakeLockScope {
  readonly document: Pick<Document, "visibilityState" | "addEventListener">;
  readonly navigator: { readonly wakeLock?: { request(type: "screen"): Promise<Sentinel> } };
}

/** Returns a function that turns the lock on or off. Hidden pages lose it. */
export function createWakeLock({ document, navigator }: WakeLockScope): (on: boolean) => void {
  let wanted = false;
  let held: Promise<Sentinel | undefined> | undefined;
  const acquire = () => {
    if (!wanted || held !== undefined || document.visibilityState === "hidden") return;
    // Refused on low battery or in frames without permission.
    held = navigator.wakeLock?.request("screen").catch(() => held = undefined);
  };
  const release = () => {
    held?.then((sentinel) => sentinel?.release()).catch(() => undefined);
    held = undefined;
  };
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") release();
    else acquire();
  });
  return (on) => {
    wanted = on;
    if (on) acquire();
    else release();
  };
}
