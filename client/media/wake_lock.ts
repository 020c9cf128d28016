/** Keeps the screen on, where the engine can. A web view often cannot: the host is asked as well. */

interface Sentinel {
  release(): Promise<void>;
}

/** The parts of the browser this needs; `wakeLock` is missing below iOS 16.4. */
export interface WakeLockScope {
  readonly document: Pick<Document, "visibilityState" | "addEventListener">;
  readonly navigator: { readonly wakeLock?: { request(type: "screen"): Promise<Sentinel> } };
}

/** Holds the lock while it is wanted. The system takes it whenever the page is hidden. */
export function createWakeLock({ document, navigator }: WakeLockScope): (on: boolean) => void {
  let wanted = false;
  let held: Promise<Sentinel | undefined> | undefined;
  const ask = () => {
    if (!wanted || held !== undefined || document.visibilityState === "hidden") return;
    // Refused on low battery, or in a frame that may not: then the host is the only hope.
    held = navigator.wakeLock?.request("screen").catch(() => held = undefined);
  };
  const letGo = () => {
    held?.then((sentinel) => sentinel?.release()).catch(() => undefined);
    held = undefined;
  };
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") letGo();
    else ask();
  });
  return (on) => {
    wanted = on;
    if (on) ask();
    else letGo();
  };
}
