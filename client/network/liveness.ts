/**
 * Notices that nothing comes any more: from the network as a whole, or from another person. Pages
 * announce in their network reports when the next one follows, so that a person who is muted and has
 * no camera on is heard of too. Pure.
 */
import type { Counters } from "./stats.ts";

/**
 * With nothing received for this long, the network counts as lost: ICE checks it every 2.5 s. The
 * SDK relies on its own pings, which take half a minute to fail.
 */
const SILENCE_MS = 7_000;

/** Returns a function that takes counters, and reports when packets stop and resume. */
export function createSilenceDetector(
  changed: (silent: boolean) => void,
): (counters: Counters) => void {
  let incoming = -1;
  let incomingAt = 0;
  let silent = false;
  return (counters) => {
    // The browser has forgotten all connections that failed, and their time.
    if (counters.at === 0) return;
    // It falls when the browser forgets one of them, or opens a new one.
    if (counters.incoming > incoming) incomingAt = counters.at;
    incoming = counters.incoming;
    const isSilent = counters.at - incomingAt > SILENCE_MS;
    if (isSilent === silent) return;
    silent = isSilent;
    changed(silent);
  };
}

/** Seconds between two reports of this page: rarer in a group, where everyone receives them all. */
export const reportSeconds = (others: number): number => Math.max(2, others);

/** A person is silent once two reports are missing. */
const MISSED = 2.25;

/** While nobody speaks, only responses to ICE checks arrive, every 2.5 s. */
const MAX_PAUSE_MS = 3_000;

export interface Liveness {
  /** Something came from a person; `next`: the seconds until something comes again. */
  heard(id: string, next?: number): void;
  /** Forgets a person. */
  left(id: string): void;
  /** This page has reconnected: starts to wait for everybody anew. */
  reset(): void;
  /**
   * Time has passed. It counts only if this page has received something in it, because otherwise its
   * own network is at fault.
   */
  take(counters: Pick<Counters, "at" | "incoming">): void;
}

/** @param changed called when a person becomes silent, and when they are heard of again */
export function createLiveness(changed: (id: string, silent: boolean) => void): Liveness {
  // Only people whose page announces its reports.
  const people = new Map<string, { next: number; quiet: number; silent: boolean }>();
  let received: Pick<Counters, "at" | "incoming"> | null = null;
  return {
    heard(id, next) {
      const person = people.get(id) ?? { next: 0, quiet: 0, silent: false };
      if (next !== undefined) people.set(id, person);
      person.next = next ?? person.next;
      person.quiet = 0;
      if (person.silent) changed(id, person.silent = false);
    },
    left: (id) => void people.delete(id),
    reset() {
      received = null;
      people.forEach((person) => person.quiet = 0);
    },
    take(counters) {
      const { at, incoming } = counters;
      if (received && incoming <= received.incoming) {
        received = { at: received.at, incoming };
        return;
      }
      const milliseconds = Math.min(MAX_PAUSE_MS, at - (received?.at ?? at));
      received = counters;
      people.forEach((person, id) => {
        person.quiet += milliseconds;
        if (person.silent || person.quiet < MISSED * 1000 * person.next) return;
        changed(id, person.silent = true);
      });
    },
  };
}
