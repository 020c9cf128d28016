/** Polls the server until the visit is open, then requests credentials for the call. */
import type { JoinInfo } from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Api, ApiFailure } from "./api.ts";

export interface WaitingEvents {
  /** The visit is not open yet; the page keeps polling. */
  waiting(): void;
  /** The server cannot be reached; the page keeps polling. */
  unreachable(): void;
}

export interface WaitingDependencies {
  readonly api: Pick<Api, "status" | "join">;
  readonly events: WaitingEvents;
  readonly sleep: (seconds: number) => Promise<void>;
  /** Whether the result is still needed. */
  readonly wanted: () => boolean;
}

/** Credentials, the reason why there are none (also `ended`: a provider ended the visit), or null if they are no longer needed. */
export type Admission = { readonly ok: true; readonly join: JoinInfo } | ApiFailure | null;

// Problems that may go away while waiting. All others are shown to the person.
const TEMPORARY = new Set(["network", "busy", "upstream-unavailable", "rate-limited", "too-early"]);
const MAX_SECONDS = 30;
const DEFAULT_SECONDS = 5;
const MIN_SECONDS = 1;

/**
 * Waits for admission. Polls at the interval that the server asks for, and less often while the
 * server cannot be reached.
 * @param patient whether to wait through temporary problems (in the waiting room) instead of
 * returning them (after a tap on a button)
 */
export async function waitForAdmission(
  dependencies: WaitingDependencies,
  patient: boolean,
): Promise<Admission> {
  const { api, events, sleep, wanted } = dependencies;
  for (let failures = 0; wanted();) {
    const status = await api.status();
    if (!wanted()) return null;
    if (status.ok && status.value.ended) return { ok: false, problem: "ended" };
    const result = status.ok && status.value.state === "open" ? await api.join() : status;
    if (!wanted()) return null;
    // The provider left between the two requests: keep waiting.
    const answer = status.ok && !result.ok && result.problem === "not-allowed" ? status : result;
    if (answer.ok) {
      if ("attendee" in answer.value) return { ok: true, join: answer.value };
      // Only on a change: screen readers announce it, and the device lists are rendered again.
      if (!patient || failures > 1) events.waiting();
      failures = 0;
      patient = true;
      await sleep(Math.max(MIN_SECONDS, Number(answer.value.pollSeconds) || DEFAULT_SECONDS));
      continue;
    }
    if (!patient || !TEMPORARY.has(answer.problem)) return answer;
    failures++;
    if (failures === 2) events.unreachable();
    await sleep(Math.min(MAX_SECONDS, DEFAULT_SECONDS * failures));
  }
  return null;
}
