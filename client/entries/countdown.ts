/**
 * The only script of a problem page: counts down until the visit opens, then opens it. It first looks
 * whether the server answers, because a browser's own error page would never come back.
 */
import { duration } from "../../supabase/functions/chime-page/contract/durations.ts";
import { spoken } from "../../supabase/functions/chime-page/contract/languages.ts";
import { dateLocale, timeBefore } from "../../supabase/functions/chime-page/contract/times.ts";
import { showLocalTime } from "../ui/visit_time.ts";

/** How long an answer may take on a slow network. */
const ANSWER_MS = 15_000;
/** How long to wait before asking again; the last one repeats. */
const PAUSES_MS = [1000, 2000, 5000, 10_000];
/** When to open again if nothing has come of it. */
const OPENING_MS = 90_000;

const byId = (id: string) => document.getElementById(id);
const language = spoken(document.documentElement.lang) ?? "en";
const form = document.querySelector<HTMLFormElement>("#retry");
const button = form?.querySelector("button");
const total = Number(byId("countdown")?.dataset["seconds"]);

/** Both clocks: one may be set back while the page waits, the other may stop while the phone sleeps. */
const clocks = [() => Date.now(), () => performance.now()];
const starts = clocks.map((now) => now());
const secondsLeft = () =>
  Math.ceil(total - Math.max(...clocks.map((now, index) => now() - (starts[index] ?? 0))) / 1000);

/** `pausing`: the server did not answer. `opening`: the form is sent. */
let phase: "counting" | "asking" | "pausing" | "opening" = "counting";
let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

function show(shown: Readonly<Record<string, boolean>>): void {
  for (const [id, visible] of Object.entries(shown)) {
    const element = byId(id);
    // Screen readers may repeat an alert that is shown again.
    if (element && element.hidden === visible) element.hidden = !visible;
  }
}

/** Runs every second, and when the phone may have slept. */
function tick(): void {
  if (phase !== "counting") return;
  const left = secondsLeft();
  const time = byId("countdown-time");
  if (time) time.textContent = duration(Math.max(0, left), language);
  if (left > 0) return;
  show({ "countdown-text": false, opening: true });
  void open();
}

/** Opens the visit if the server answers, else asks again later. */
async function open(): Promise<void> {
  if (phase === "asking") return;
  phase = "asking";
  clearTimeout(timer);
  if (button) button.disabled = true;
  const reached = await answers();
  if (button) button.disabled = false;
  show({ offline: !reached, ...(secondsLeft() > 0 ? {} : { opening: reached }) });
  phase = reached ? "opening" : "pausing";
  const pause = PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)];
  failures = reached ? 0 : failures + 1;
  timer = setTimeout(open, reached ? OPENING_MS : pause);
  if (!reached) return;
  // The form contains the session, so it also works when cookies are blocked.
  if (form) form.submit();
  else location.replace(location.href);
}

/** Whether the server answers; without a form, whether there is a network. */
async function answers(): Promise<boolean> {
  if (!form) return navigator.onLine;
  const control = new AbortController();
  const limit = setTimeout(() => control.abort(), ANSWER_MS);
  try {
    const { ok } = await fetch(form.action, {
      method: "HEAD",
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      signal: control.signal,
    });
    return ok;
  } catch {
    return false;
  } finally {
    clearTimeout(limit);
  }
}

/** Shows times in the device's zone, as the page of the visit does. */
function showTimes(): void {
  const [when, opens] = [byId("when"), byId("opens")];
  if (!(when instanceof HTMLTimeElement) || !(opens instanceof HTMLTimeElement)) return;
  const startsAt = when.dateTime;
  showLocalTime(document, { startsAt, endsAt: when.dataset["end"] ?? "" });
  if (when.dataset["zone"]) return;
  const locale = when.dataset["locale"] ?? dateLocale(language, null);
  opens.textContent = timeBefore(opens.dateTime, startsAt, locale, undefined);
}

if (total >= 0) {
  showTimes();
  show({ countdown: true, next: true });
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", tick);
  addEventListener("online", () => phase === "pausing" && open());
  // Back from the back/forward cache, the form is no longer being sent.
  addEventListener("pageshow", ({ persisted }) => persisted && phase !== "counting" && open());
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    void open();
  });
  tick();
}
