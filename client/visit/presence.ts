/** Follows whether the other person is here, and says when this page is gone. */
import type { Person } from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Api } from "./api.ts";
import { counterpartStatus, type LastHeard, lastHeard } from "./counterpart_status.ts";
import { STOPPED } from "./phases.ts";
import type { Store } from "./store.ts";

export interface PresenceDependencies {
  readonly api: Pick<Api, "status">;
  readonly sleep: (seconds: number) => Promise<void>;
  readonly store: Store;
}

const DEFAULT_SECONDS = 5;
/** How long a status says who is here: as long as the server counts a silent page as open. */
const STATUS_MS = 30_000;
/** While others are in the call, and after the end, the page asks less often. */
const SLOW_SECONDS = 15;
/** After the end, it stops asking at some point: people leave such pages open. */
const ENDED_POLLS = 80;

/**
 * Runs for as long as the page is open. Polls at the server's interval while the person is in the
 * lobby or alone in the call. Polls more slowly while only others are in the call, and after the end,
 * in case somebody opens the visit again. Ignores failures, but forgets a status that is too old. The
 * responses are in `store.now.status`.
 * @param now the page's clock, in milliseconds
 */
export async function watchPresence(
  dependencies: PresenceDependencies,
  now = () => performance.now(),
): Promise<never> {
  const { api, sleep, store } = dependencies;
  let polls = 0;
  let last = store.now.status;
  let lastAt = now();
  for (;;) {
    let seconds = DEFAULT_SECONDS;
    const { phase, people, counterpart } = store.now;
    const ended = phase === "ended";
    polls = ended ? polls + 1 : 0;
    const asks = ended
      ? polls < ENDED_POLLS
      : phase === "lobby" || phase === "in-call" && (people === 0 || counterpart !== "inCall");
    if (asks) {
      const status = await api.status();
      if (status.ok) seconds = Math.max(1, status.value.pollSeconds || seconds);
    }
    const { status } = store.now;
    if (status !== last) [last, lastAt] = [status, now()];
    else if (now() - lastAt > STATUS_MS) store.set({ status: undefined });
    const slow = polls > 1 || asks && people > 0;
    await sleep(slow ? Math.max(SLOW_SECONDS, seconds) : seconds);
  }
}

/**
 * Keeps `store.now.here` up to date.
 * @param page random id of this page, so that the server can tell two tabs of a session apart
 */
export function followSelf(store: Store, page: string): void {
  const update = () => {
    const { phase, ready } = store.now;
    // A person whose visit has ended is not here, even if the page is still open.
    store.set({ here: phase === "ended" ? "" : `?page=${page}&ready=${ready}` });
  };
  store.follow("ready", update);
  store.follow("phase", update);
  update();
}

/** Derives `store.now.counterpart`. It is set only when it changes, since it is announced. */
export function followCounterpart(store: Store, other: Pick<Person, "id"> | undefined): void {
  if (other === undefined) return;
  let heard: LastHeard | undefined;
  const update = () => {
    const counterpart = counterpartStatus(store.now.connections?.[other.id], heard);
    if (counterpart !== store.now.counterpart) store.set({ counterpart });
  };
  store.follow("connections", update);
  store.follow("status", () => {
    const { status } = store.now;
    heard = status && lastHeard(status, other.id, performance.now());
    update();
  });
}

/**
 * Calls `send` when the person leaves and when the page closes, so that nobody is told that they
 * wait.
 */
export function sayGoodbye(
  store: Store,
  page: Pick<Window, "addEventListener">,
  send: () => void,
): void {
  store.follow("phase", ({ phase }) => {
    if (STOPPED.includes(store.now.phase) && !STOPPED.includes(phase)) send();
  });
  // A request that was under way may have reached the server after the goodbye.
  store.follow("status", () => {
    const { here, phase, status } = store.now;
    if (status && here && STOPPED.includes(phase)) send();
  });
  page.addEventListener("pagehide", send);
}
