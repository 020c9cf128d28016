import type { AddressInfo } from "node:net";
import { answerAdmin } from "./admin.ts";
import { RateLimiter } from "./rate_limiter.ts";
import { createControl } from "./control/control.ts";
import type { Credential } from "./control/signature.ts";
import { type MeetingEvent, meetingEvent, type MeetingEventType } from "./events.ts";
import { Faults } from "./faults.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { type Attendee, type Meeting, Meetings } from "./meetings.ts";
import { findLocalAddress } from "./media/local_address.ts";
import { placements } from "./placement.ts";
import { type RecordedRequest, RequestRecord } from "./requests.ts";
import { serve, shut } from "./server.ts";
import { attachSignalling, type Signalling } from "./signalling/server.ts";
import type { Transcript } from "./signalling/transcript.ts";
import { type MeetingSnapshot, snapshot } from "./snapshot.ts";

/** How the stand-in is started. */
export interface ChimeOptions {
  /** TCP port; 0, the default, takes a free one. */
  readonly port?: number;
  /** Address to listen on; `127.0.0.1` by default. */
  readonly hostname?: string;
  /** The key pairs whose signatures are accepted. */
  readonly credentials: readonly Credential[];
  /** Control region that signatures must name; `eu-central-1` by default. */
  readonly region?: string;
  /** The meetings' time in milliseconds; the machine's by default. */
  readonly clock?: () => number;
  /** The time that signatures are checked against, as clients sign by it; the machine's. */
  readonly machineClock?: () => number;
  /** Limits other than Amazon's. */
  readonly limits?: Partial<Limits>;
  /** IPv4 address that browsers send media to; found by itself by default. */
  readonly mediaHost?: string;
  /** Set to have the SDK send its usage events there. */
  readonly eventIngestionUrl?: string;
  /** Hears every "Chime Meeting State Change" event. */
  readonly onEvent?: (event: MeetingEvent) => void;
}

/** A running stand-in. */
export interface Chime {
  /** Endpoint for the AWS client, e.g. `http://127.0.0.1:4321`. */
  readonly url: string;
  /** Requests to the control plane, oldest first; never with tokens. */
  requests(): readonly RecordedRequest[];
  /** Every meeting that is remembered, ended ones too. */
  meetings(): readonly MeetingSnapshot[];
  /** Events sent so far. */
  events(): readonly MeetingEvent[];
  /** Live transcription: says to a meeting what somebody in it said; answers how many heard of it. */
  transcribe(transcript: Transcript): number;
  /** Faults on demand. */
  readonly faults: Pick<Faults, "add" | "clear" | "hold" | "pending">;
  /** Ends and forgets meetings, requests, events and faults. */
  reset(): void;
  /** Ends everything and closes the port. */
  close(): Promise<void>;
}

const MOST_EVENTS = 10_000;

/** Starts a local Amazon Chime: control plane, signalling and media on one port. */
export async function startChime(options: ChimeOptions): Promise<Chime> {
  const clock = options.clock ?? Date.now;
  const region = options.region ?? "eu-central-1";
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
  const meetings = new Meetings(limits, clock);
  const faults = new Faults();
  const record = new RequestRecord(clock);
  const rateLimiter = new RateLimiter(limits.requestsPerSecond, limits.burst, clock);
  const events: MeetingEvent[] = [];
  const emit = (type: MeetingEventType, meeting: Meeting, attendee?: Attendee) => {
    const event = meetingEvent(type, meeting, { now: clock(), region }, attendee);
    events.push(event);
    if (events.length > MOST_EVENTS) events.shift();
    options.onEvent?.(event);
  };
  meetings.listen({
    meetingStarted: (meeting) => emit("MeetingStarted", meeting),
    meetingEnded: (meeting) => emit("MeetingEnded", meeting),
    attendeeAdded: (meeting, attendee) => emit("AttendeeAdded", meeting, attendee),
    attendeeDeleted: (meeting, attendee) => emit("AttendeeDeleted", meeting, attendee),
  });
  faults.onImmediate((fault) => {
    if (fault.kind !== "end-meeting") return;
    for (const meeting of meetings.active()) {
      if (fault.meeting === undefined || fault.meeting === meeting.meetingId) {
        meetings.end(meeting, "fault");
      }
    }
  });
  const reset = () => {
    faults.clear();
    meetings.clear();
    record.clear();
    rateLimiter.reset();
    events.length = 0;
  };

  let host = "";
  let signalling: Signalling | undefined = undefined;
  const control = createControl({
    meetings,
    faults,
    rateLimiter,
    record,
    region,
    placement: placements(() => host, options.eventIngestionUrl),
    signature: {
      credentials: options.credentials,
      region,
      service: "chime",
      clockSkewMs: limits.clockSkewMs,
    },
    machineClock: options.machineClock ?? Date.now,
  });
  const admin = {
    faults,
    requests: () => record.all(),
    meetings: () => meetings.all().map(snapshot),
    events: () => [...events],
    transcribe: (transcript: Transcript) => signalling?.transcribe(transcript) ?? 0,
    reset,
  };
  const hostname = options.hostname ?? "127.0.0.1";
  const server = await serve(
    (request) =>
      request.path.startsWith("/_chime/")
        ? Promise.resolve(answerAdmin(request, admin))
        : control(request),
    options.port ?? 0,
    hostname,
  );
  host = `${hostname === "0.0.0.0" ? "127.0.0.1" : hostname}:${
    (server.address() as AddressInfo).port
  }`;
  signalling = attachSignalling(server, {
    meetings,
    faults,
    limits,
    clock,
    emit,
    mediaHost: options.mediaHost ?? findLocalAddress(),
  });
  const sweep = setInterval(() => meetings.expire(), 1000);

  return {
    url: `http://${host}`,
    requests: admin.requests,
    meetings: admin.meetings,
    events: admin.events,
    transcribe: admin.transcribe,
    faults,
    reset,
    close: async () => {
      clearInterval(sweep);
      faults.clear();
      record.shutDown();
      meetings.clear();
      signalling?.close();
      await shut(server);
    },
  };
}
