/**
 * What is known about the person the visit is with, derived from what was heard of them. Status line,
 * card, lobby and title all show this. Pure.
 */
import type { VisitStatus } from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { ClientTextKey } from "../../supabase/functions/chime-page/contract/text_keys.ts";

/** A person's connection to the call, as Chime and the other page report it. */
export interface Connection {
  /**
   * - `here`: in the call.
   * - `silent`: in the call, but nothing comes from them any more.
   * - `dropped`: lost their connection and are out of the call.
   * - `left`: left the call.
   */
  readonly state: "here" | "silent" | "dropped" | "left";
  /** When this began, in milliseconds of the page's clock. */
  readonly at: number;
}

/** Connections by participant id. People who were never in the call are missing. */
export type Connections = Readonly<Record<string, Connection>>;

/**
 * What is known about the counterpart; null if nothing was heard of them. Each is also the key of the
 * sentence that says so.
 */
export type CounterpartStatus =
  | null
  | Extract<
    ClientTextKey,
    /** They have the page open, but have not tapped Join. */
    | "gettingReady"
    /** They have tapped Join, and wait. */
    | "isWaiting"
    | "inCall"
    /** Their connection dropped. */
    | "dropped"
    | "hasLeft"
  >;

/** When the server heard of a person, in milliseconds of the page's clock, and whether they are ready. */
export interface LastHeard {
  readonly at: number;
  readonly ready: boolean;
}

/**
 * How much later than in truth the server may seem to have heard of a person, because its response took
 * time.
 */
const DELAY_MS = 2_000;

/**
 * Returns when the server heard of a person; undefined if it did not lately.
 * @param now when the status arrived, in milliseconds of the page's clock
 */
export function lastHeard(
  { heard, present }: VisitStatus,
  id: string,
  now: number,
): LastHeard | undefined {
  // A server of an older version names only who is present.
  const all = heard ?? present.map((one) => ({ id: one, secondsAgo: 0, ready: true }));
  const found = all.find((one) => one.id === id);
  return found && { at: now - found.secondsAgo * 1000 - DELAY_MS, ready: found.ready };
}

/**
 * Returns the status of a person.
 * @param connection their connection to the call, if they were ever in it
 */
export function counterpartStatus(
  connection: Connection | undefined,
  heard: LastHeard | undefined,
): CounterpartStatus {
  const { state, at = -Infinity } = connection ?? {};
  if (state === "here") return "inCall";
  if (state === "silent") return "dropped";
  // What the server heard before they left says nothing about where they are now.
  if (heard !== undefined && heard.at > at) return heard.ready ? "isWaiting" : "gettingReady";
  return state === undefined ? null : state === "left" ? "hasLeft" : state;
}
