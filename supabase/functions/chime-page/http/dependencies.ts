import type { Context } from "hono";
import type { Chime } from "../../_shared/chime.ts";
import type { Deadline } from "../../_shared/deadline.ts";
import type { Log } from "../../_shared/log.ts";
import type { TokenVerifier } from "../auth/token_verifier.ts";
import type { Settings } from "../config/settings.ts";
import type { Language } from "../contract/languages.ts";
import type { AdmissionDependencies } from "../visits/admission.ts";
import type { JoinRule } from "../visits/join_policy.ts";
import type { Visits } from "../visits/visits.ts";
import type { Visit } from "../visits/visit.ts";

/** Everything the routes depend on. Created in `index.ts` and by tests. */
export interface Dependencies {
  readonly settings: Settings;
  readonly visits: Visits;
  readonly chime: Chime;
  readonly tokens: TokenVerifier;
  readonly log: Log;
  readonly now: () => Date;
  /** A random token of 256 bits. */
  readonly newSecret: () => string;
  readonly newRequestToken: () => string;
  readonly newRequestId: () => string;
  /** The deadline of a request that starts now. */
  readonly newDeadline: () => Deadline;
  /** Keeps the worker alive after the response until the work is done. */
  readonly background: (work: Promise<unknown>) => void;
  /** Resolves when a request stops waiting for a new meeting to be stored. */
  readonly storeTimeout: () => Promise<void>;
}

/** What is recorded about a request for its response and its log line. */
export interface RequestNotes {
  requestId: string;
  /** The short form of `requestId` that people see on a problem page. */
  reference?: string;
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

/** Hono environment of the app. */
export interface AppEnv {
  Variables: {
    notes: RequestNotes;
    /** Chosen in the language menu of a page without a client. */
    language?: Language;
  };
}

/** Hono context of the app. */
export type AppContext = Context<AppEnv>;

/** The appointment id in the path. The route pattern guarantees that it is a UUID. */
export function appointmentIdOf(c: AppContext): string {
  return c.req.param("id") ?? "";
}

/** Records the visit and the person for the log. */
export function noteVisit(c: AppContext, { appointment, self, via }: Visit): void {
  const notes = c.get("notes");
  notes.appointmentId = appointment.id;
  notes.participantId = self.id;
  notes.via = via;
}

/** Dependencies for admitting a person or ending a visit in one request. */
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

/** The join rule from the settings. */
export function joinRule(settings: Settings): JoinRule {
  const { opensBeforeMinutes, closesAfterMinutes, waitingRoom } = settings;
  return { opensBeforeMinutes, closesAfterMinutes, waitingRoom };
}
