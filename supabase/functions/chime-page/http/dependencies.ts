import type { Context } from "hono";
import type { Chime } from "../../_shared/chime.ts";
import type { Deadline } from "../../_shared/deadline.ts";
import type { Log } from "../../_shared/log.ts";
import type { AdmissionPorts } from "../visits/admission.ts";
import type { Settings } from "../config/settings.ts";
import type { Tokens } from "../auth/token_verifier.ts";
import type { Visits } from "../visits/repository.ts";

/** Everything the routes are made of; put together in `index.ts`, and by tests. */
export interface Parts {
  readonly settings: Settings;
  readonly visits: Visits;
  readonly chime: Chime;
  readonly tokens: Tokens;
  readonly log: Log;
  readonly now: () => Date;
  /** An opaque token of 256 bits. */
  readonly newSecret: () => string;
  readonly newRequestToken: () => string;
  readonly newRequestId: () => string;
  /** The time one request has, for everything it waits for. */
  readonly newDeadline: () => Deadline;
  readonly background: (work: Promise<unknown>) => void;
  readonly storePatience: () => Promise<void>;
}

/** What the middleware notes about a request, for the answer and the log line. */
export interface RequestNotes {
  requestId: string;
  problem?: string;
  reason?: string;
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

/** What a request takes of the parts to let people in, and to end a visit. */
export function admissionPorts(parts: Parts, deadline: Deadline): AdmissionPorts {
  const { visits, chime, now, newRequestToken, newDeadline, background, storePatience } = parts;
  return {
    visits,
    chime,
    now,
    newRequestToken,
    newDeadline,
    background,
    storePatience,
    deadline,
    rule: joinRule(parts.settings),
    mediaRegion: parts.settings.chime.mediaRegion,
  };
}

/** The join window of the settings. */
export function joinRule(settings: Settings) {
  const { opensBeforeMinutes, closesAfterMinutes, waitingRoom } = settings;
  return { opensBeforeMinutes, closesAfterMinutes, waitingRoom };
}
