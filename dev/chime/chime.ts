import type { AddressInfo } from "node:net";
import { answerAdmin } from "./admin.ts";
import { RateLimiter } from "./rate_limiter.ts";
import { createControl, type RecordedRequest } from "./control/control.ts";
import type { Credential } from "./control/signature.ts";
import { type MeetingEvent, meetingEvent, type MeetingEventType } from "./events.ts";
import { Faults } from "./faults.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { type Attendee, type Meeting, Meetings } from "./meetings.ts";
import { findLocalAddress } from "./media/local_address.ts";
import { placements } from "./placement.ts";
import { serve, shut } from "./server.ts";
import { attachSignalling } from "./signalling/server.ts";
import { snapshot } from "./snapshot.ts";

export interface ChimeOptions {
  /** TCP port; 0, the default, takes a free one. */
  readonly port?: number;
  /** `0.0.0.0` also lets containers and other machines connect; `127.0.0.1` by default. */
  readonly hostname?: "127.0.0.1" | "0.0.0.0";
  readonly credentials: readonly Credential[];
  /** Control region that signatures must name; `eu-central-1` by default. */
  readonly region?: string;
  /** The meetings' time in milliseconds; the machine's by default. */
  readonly clock?: () => number;
  /** The time that signatures are checked against, in milliseconds; the machine's by default. */
  readonly machineClock?: () => number;
  readonly limits?: Partial<Limits>;
  /** Called with every "Chime Meeting State Change" event. */
  readonly onEvent?: (event: MeetingEvent) => void;
}

/** A running stand-in. */
export type Chime = Awaited<ReturnType<typeof startChime>>;

/** How many requests, and how many events, are remembered. */
const MOST = 10_000;

function remember<T>(list: T[], one: T): void {
  list.push(one);
  if (list.length > MOST) list.shift();
}

function endMeetingsOnFault(meetings: Meetings, faults: Faults): void {
  faults.onImmediate((fault) => {
    if (fault.kind !== "end-meeting") return;
    for (const meeting of meetings.active()) {
      if ([undefined, meeting.meetingId].includes(fault.meeting)) meetings.end(meeting, "fault");
    }
  });
}

/**
 * Starts a local Amazon Chime: control plane, signalling and media on one port. It is long, but only
 * connects the modules.
 */
export async function startChime(options: ChimeOptions) {
  const clock = options.clock ?? Date.now;
  const region = options.region ?? "eu-central-1";
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
  const meetings = new Meetings(limits, clock);
  const faults = new Faults();
  const rateLimiter = new RateLimiter(limits.requestsPerSecond, limits.burst, clock);
  const requests: RecordedRequest[] = [];
  const events: MeetingEvent[] = [];
  const closing = new AbortController();
  const emit = (type: MeetingEventType, meeting: Meeting, attendee?: Attendee) => {
    const event = meetingEvent(type, meeting, { now: clock(), region }, attendee);
    remember(events, event);
    options.onEvent?.(event);
  };
  meetings.listen({
    meetingStarted: (meeting) => emit("MeetingStarted", meeting),
    meetingEnded: (meeting) => emit("MeetingEnded", meeting),
    attendeeAdded: (meeting, attendee) => emit("AttendeeAdded", meeting, attendee),
    attendeeDeleted: (meeting, attendee) => emit("AttendeeDeleted", meeting, attendee),
  });
  endMeetingsOnFault(meetings, faults);

  let host = "";
  const control = createControl({
    meetings,
    faults,
    rateLimiter,
    region,
    clock,
    machineClock: options.machineClock ?? Date.now,
    placement: placements(() => host),
    signature: { credentials: options.credentials, region, clockSkewMs: limits.clockSkewMs },
    record: (request) => remember(requests, request),
    closing: closing.signal,
  });
  const server = await serve(
    (request) =>
      request.path.startsWith("/_chime/") ? answerAdmin(request, chime) : control(request),
    options.port ?? 0,
    options.hostname ?? "127.0.0.1",
  );
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const signalling = attachSignalling(server, {
    meetings,
    faults,
    limits,
    clock,
    emit,
    mediaHost: findLocalAddress(),
  });
  const sweep = setInterval(() => meetings.expire(), 1000);

  const chime = {
    /** Endpoint for the AWS client, e.g. `http://127.0.0.1:4321`. */
    url: `http://${host}`,
    /** Requests to the control plane, oldest first; never with tokens. */
    requests: (): readonly RecordedRequest[] => requests.map((one) => ({ ...one })),
    /** Every meeting that is remembered, ended ones too. */
    meetings: () => meetings.all().map(snapshot),
    events: (): readonly MeetingEvent[] => [...events],
    /** Live transcription: sends what somebody said to their meeting; returns to how many clients. */
    transcribe: signalling.transcribe,
    faults,
    /** Ends and forgets meetings, requests, events and faults. */
    reset: () => {
      faults.clear();
      meetings.clear();
      rateLimiter.reset();
      requests.length = 0;
      events.length = 0;
    },
    close: async () => {
      clearInterval(sweep);
      faults.clear();
      closing.abort();
      meetings.clear();
      signalling.close();
      await shut(server);
    },
  };
  return chime;
}
