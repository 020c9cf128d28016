import type { Context } from "hono";
import type { Chime } from "../../_shared/chime.ts";
import type { Deadline } from "../../_shared/deadline.ts";
import type { Log } from "../../_shared/log.ts";
import type { TokenVerifier } from "../auth/token_verifier.ts";
import type { Settings } from "../config/settings.ts";
import type { AdmissionDependencies } from "../visits/admission.ts";
import type { JoinRule } from "../visits/join_policy.ts";
import type { Visit, Visits } from "../visits/repository.ts";

/** Everything the routes depend on; put together in `index.ts`, and by tests. */
export interface Dependencies {
  readonly settings: Settings;
  readonly visits: Visits;
  readonly chime: Chime;
  readonly tokens: TokenVerifier;
  readonly log: Log;
  readonly now: () => Date;
  /** An opaque token of 256 bits. */
  readonly newSecret: () => string;
  readonly newRequestToken: () => string;
  readonly newRequestId: () => string;
  /** The time one request has, for everything it waits for. */
  readonly newDeadline: () => Deadline;
  /** Lets work go on after the answer. */
  readonly background: (work: Promise<unknown>) => void;
  /** Ends when storing a new meeting may no longer hold up the person who waits for it. */
  readonly storePatience: () => Promise<void>;
}

/** What is noted about a request on its way, for the answer and the log line. */
export interface RequestNotes {
  requestId: string;
  problem?: string;
  reason?: string | undefined;
  settings?: readonly string[];
  columns?: readonly string[];
  error?: string;
  via?: string;
  appointmentId?: string;
  participantId?: string;
  meetingId?: string;
}

/** Hono's environment of this app. */
export interface AppEnv {
  Variables: { notes: RequestNotes };
}

/** A request under way. */
export type AppContext = Context<AppEnv>;

/** The appointment in the path, a UUID by the pattern of the route. */
export function appointmentIdOf(c: AppContext): string {
  return c.req.param("id") ?? "";
}

/** Notes for the log whose visit a request is about. */
export function noteVisit(c: AppContext, { appointment, self, via }: Visit): void {
  const notes = c.get("notes");
  notes.appointmentId = appointment.id;
  notes.participantId = self.id;
  notes.via = via;
}

/** What one request needs to let people in, and to end a visit. */
export function admissionDependencies(
  dependencies: Dependencies,
  deadline: Deadline,
): AdmissionDependencies {
  const { settings } = dependencies;
  return {
    ...dependencies,
    deadline,
    rule: joinRule(settings),
    mediaRegion: settings.chime.mediaRegion,
  };
}

/** The join rule of the settings. */
export function joinRule(settings: Settings): JoinRule {
  const { opensBeforeMinutes, closesAfterMinutes, waitingRoom } = settings;
  return { opensBeforeMinutes, closesAfterMinutes, waitingRoom };
}
