/** From "not yet" to credentials: asks the server until the visit is open, then for a place in the call. */
import type { JoinInfo } from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Api, ApiFailure } from "./api.ts";

/** What the wait tells the page. */
export interface WaitingEvents {
  /** Not open yet; the page waits and asks again. */
  waiting(): void;
  /** The server does not answer at the moment; the page goes on asking. */
  unreachable(): void;
}

/** Time and whether anybody still wants the answer. */
export interface WaitingDependencies {
  readonly api: Pick<Api, "status" | "join">;
  readonly events: WaitingEvents;
  readonly sleep: (seconds: number) => Promise<void>;
  readonly wanted: () => boolean;
}

/** A place in the call, the reason why there is none, or null when nobody wants it any more. */
export type Admission = { readonly ok: true; readonly join: JoinInfo } | ApiFailure | null;

// What may pass by itself while somebody waits; everything else is for the person to read.
const PASSING = new Set(["network", "busy", "upstream-unavailable", "rate-limited", "too-early"]);
const SLOWEST_SECONDS = 30;
// For answers without a number, and as a floor: a page that asks without pause helps nobody.
const USUAL_SECONDS = 5;
const FASTEST_SECONDS = 1;

/**
 * Waits for admission. Answers at once when the visit is open; while it is not, asks in the server's
 * rhythm, more slowly while the server is out of reach.
 * @param patient whether a server out of reach is waited for (a waiting room) or reported (a button)
 */
export async function waitForAdmission(
  dependencies: WaitingDependencies,
  patient: boolean,
): Promise<Admission> {
  const { api, events, sleep, wanted } = dependencies;
  for (let failures = 0; wanted();) {
    const status = await api.status();
    if (!wanted()) return null;
    const asked = status.ok && status.value.state === "open" ? await api.join() : status;
    if (!wanted()) return null;
    // The provider has gone in this very moment: not yet, then.
    const answer = status.ok && !asked.ok && asked.problem === "not-allowed" ? status : asked;
    if (answer.ok) {
      if ("attendee" in answer.value) return { ok: true, join: answer.value };
      // Only what is new: each word is read out, and each look at the devices draws their lists anew.
      if (!patient || failures > 1) events.waiting();
      failures = 0;
      patient = true;
      await sleep(Math.max(FASTEST_SECONDS, Number(answer.value.pollSeconds) || USUAL_SECONDS));
      continue;
    }
    if (!patient || !PASSING.has(answer.problem)) return answer;
    failures++;
    if (failures === 2) events.unreachable();
    await sleep(Math.min(SLOWEST_SECONDS, USUAL_SECONDS * failures));
  }
  return null;
}
