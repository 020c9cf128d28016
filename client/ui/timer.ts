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
 * reconnect, and after a reload of this page. Its seconds change without a layout of the page.
 * @param key identifies the person and the visit
 */
export function createTimer(page: Document, store: Store, key: string): void {
  const timer = element(page, "timer");
  const [minutes, ...digits] = timer.querySelectorAll<HTMLElement>("*");
  const saved = Number(storage("sessionStorage", key));
  let elapsed = saved ? stopwatch(saved) : null;
  let [label, said] = ["", ""];
  let ticking: ReturnType<typeof setInterval> | undefined;

  const show = () => {
    const time = callTime(elapsed?.() ?? 0);
    const start = time.slice(0, -2);
    if (minutes && minutes.textContent !== start) minutes.textContent = start;
    digits.forEach((digit, index) =>
      digit.style.setProperty("--digit", time.slice(-2)[index] ?? "")
    );
    // A change of the language writes the label anew, without the time.
    const written = timer.getAttribute("aria-label") ?? "";
    if (written !== said) label = written;
    timer.setAttribute("aria-label", said = `${label} ${time}`);
  };
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
