/** The time since both people are in the call. */
import { storage } from "../media/storage.ts";
import { IN_CALL } from "../visit/phases.ts";
import type { Store } from "../visit/store.ts";
import { element } from "./view.ts";

/** Formats a duration in milliseconds as `mm:ss` or `h:mm:ss`. */
export function callTime(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const two = (value: number) => String(value % 60).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return `${hours > 0 ? `${hours}:` : ""}${two(minutes)}:${two(seconds)}`;
}

/**
 * A clock that started at `since`, in milliseconds since 1970. Follows the steady clock if the wall
 * clock is set back, and the wall clock during sleep, when the steady one may stop.
 */
function stopwatch(since: number): () => number {
  const before = Math.max(0, Date.now() - since);
  const start = performance.now();
  return () => Math.max(before + performance.now() - start, Date.now() - since);
}

/**
 * Shows the timer during calls, from the moment another person is there. It goes on while they
 * reconnect, and after a reload of this page.
 * @param key identifies the person and the visit
 */
export function createTimer(page: Document, store: Store, key: string): void {
  const timer = element(page, "timer");
  const saved = Number(storage("sessionStorage", key));
  let elapsed = saved ? stopwatch(saved) : null;
  let ticking: ReturnType<typeof setInterval> | undefined;

  const show = () => timer.textContent = callTime(elapsed?.() ?? 0);
  const update = () => {
    const calling = IN_CALL.includes(store.now.phase);
    if (calling && elapsed === null && store.now.people > 0) {
      elapsed = stopwatch(Number(storage("sessionStorage", key, `${Date.now()}`)) || Date.now());
    }
    timer.hidden = !calling || elapsed === null;
    clearInterval(ticking);
    if (timer.hidden) return;
    show();
    ticking = setInterval(show, 1000);
  };
  store.follow("phase", update);
  store.follow("people", update);
}
