import { randomBytes, randomUUID } from "node:crypto";
import { grantCapabilities } from "./control/capabilities.ts";
import { ControlProblem } from "./control/problem.ts";
import type { AttendeeRequest, Capabilities, MeetingRequest } from "./control/requests.ts";
import type { TranscriptionConfiguration } from "./control/transcription.ts";
import type { Limits } from "./limits.ts";

export interface Attendee {
  readonly externalUserId: string;
  readonly attendeeId: string;
  /** Secret of the attendee; never logged, never in a snapshot. */
  readonly joinToken: string;
  capabilities: Capabilities;
}

export type EndReason = "deleted" | "silent" | "too-old" | "fault" | "closed";

/** A meeting; kept for a while after it ended. */
export interface Meeting {
  readonly meetingId: string;
  readonly request: MeetingRequest;
  readonly createdAt: number;
  readonly attendees: Map<string, Attendee>;
  /** Ids of the attendees with an audio connection. */
  readonly audio: Set<string>;
  /** Since when nobody has had an audio connection; undefined while somebody has. */
  silentSince: number | undefined;
  endedAt: number | undefined;
  endReason: EndReason | undefined;
  /** While captions are made of what is said. */
  transcription: TranscriptionConfiguration | undefined;
  readonly tags: Map<string, string>;
}

interface MeetingListener {
  meetingStarted?(meeting: Meeting): void;
  meetingEnded?(meeting: Meeting, reason: EndReason): void;
  attendeeAdded?(meeting: Meeting, attendee: Attendee): void;
  attendeeDeleted?(meeting: Meeting, attendee: Attendee): void;
  capabilitiesChanged?(meeting: Meeting, attendee: Attendee): void;
  /** `meeting.transcription` says what is transcribed from now on. */
  transcriptionChanged?(meeting: Meeting): void;
}

/** All meetings, and the rules by which they end. */
export class Meetings {
  readonly #meetings = new Map<string, Meeting>();
  readonly #tokens = new Map<string, { fingerprint: string; meeting: Meeting }>();
  readonly #listeners: MeetingListener[] = [];

  constructor(private readonly limits: Limits, private readonly clock: () => number) {}

  listen(listener: MeetingListener): void {
    this.#listeners.push(listener);
  }

  /**
   * Creates a meeting, or returns the one that the same token and parameters created before, even
   * if it has ended. Throws `ConflictException` where the parameters differ.
   */
  create(request: MeetingRequest): Meeting {
    this.expire();
    const fingerprint = stable({ ...request, ClientRequestToken: "" });
    const known = this.#tokens.get(request.ClientRequestToken);
    if (known !== undefined) {
      if (known.fingerprint === fingerprint) return known.meeting;
      throw new ControlProblem(
        "ConflictException",
        "The ClientRequestToken was already used with different parameters",
      );
    }
    if (this.active().length >= this.limits.activeMeetings) {
      throw new ControlProblem("LimitExceededException", "Too many active meetings");
    }
    const now = this.clock();
    const meeting: Meeting = {
      meetingId: randomUUID(),
      request,
      createdAt: now,
      attendees: new Map(),
      audio: new Set(),
      silentSince: now,
      endedAt: undefined,
      endReason: undefined,
      transcription: undefined,
      tags: new Map(request.Tags?.map(({ Key, Value }) => [Key, Value])),
    };
    this.#meetings.set(meeting.meetingId, meeting);
    this.#tokens.set(request.ClientRequestToken, { fingerprint, meeting });
    for (const listener of this.#listeners) listener.meetingStarted?.(meeting);
    return meeting;
  }

  /** An active meeting; throws `NotFoundException` for an ended or unknown one. */
  get(meetingId: string): Meeting {
    const meeting = this.find(meetingId);
    if (meeting !== undefined) return meeting;
    throw new ControlProblem("NotFoundException", `Meeting ${meetingId} not found`);
  }

  find(meetingId: string): Meeting | undefined {
    this.expire();
    const meeting = this.#meetings.get(meetingId);
    return meeting?.endedAt === undefined ? meeting : undefined;
  }

  active(): Meeting[] {
    return this.all().filter((meeting) => meeting.endedAt === undefined);
  }

  /** Every meeting that is remembered. */
  all(): Meeting[] {
    return [...this.#meetings.values()];
  }

  /** Adds an attendee, or returns the one with the same ExternalUserId. */
  addAttendee(meeting: Meeting, request: AttendeeRequest): Attendee {
    for (const known of meeting.attendees.values()) {
      if (known.externalUserId === request.ExternalUserId) return known;
    }
    const features = meeting.request.MeetingFeatures;
    const capabilities = grantCapabilities(request.Capabilities, features);
    if (meeting.attendees.size >= (features?.Attendee?.MaxCount ?? this.limits.attendees)) {
      throw new ControlProblem("LimitExceededException", "Too many attendees in the meeting");
    }
    const attendee: Attendee = {
      externalUserId: request.ExternalUserId,
      attendeeId: randomUUID(),
      // Hex, because it is sent as the name of a WebSocket sub-protocol.
      joinToken: randomBytes(32).toString("hex"),
      capabilities,
    };
    meeting.attendees.set(attendee.attendeeId, attendee);
    for (const listener of this.#listeners) listener.attendeeAdded?.(meeting, attendee);
    return attendee;
  }

  attendee(meeting: Meeting, attendeeId: string): Attendee {
    const attendee = meeting.attendees.get(attendeeId);
    if (attendee !== undefined) return attendee;
    throw new ControlProblem("NotFoundException", `Attendee ${attendeeId} not found`);
  }

  /** Removes an attendee; their join token is no longer valid. */
  deleteAttendee(meeting: Meeting, attendee: Attendee): void {
    meeting.attendees.delete(attendee.attendeeId);
    for (const listener of this.#listeners) listener.attendeeDeleted?.(meeting, attendee);
    this.audioGone(meeting, attendee.attendeeId);
  }

  updateCapabilities(meeting: Meeting, attendee: Attendee, asked: Capabilities): void {
    attendee.capabilities = grantCapabilities(asked, meeting.request.MeetingFeatures);
    for (const listener of this.#listeners) listener.capabilitiesChanged?.(meeting, attendee);
  }

  /** Starts a transcription, changes the running one, or stops it (`undefined`). */
  transcribe(meeting: Meeting, asked: TranscriptionConfiguration | undefined): void {
    const before = meeting.transcription;
    meeting.transcription = asked;
    if (!before && !asked) return;
    for (const listener of this.#listeners) listener.transcriptionChanged?.(meeting);
  }

  /** Sets tags. Throws `TooManyTagsException` above AWS's 50 a resource. */
  tag(meeting: Meeting, tags: readonly { readonly Key: string; readonly Value: string }[]): void {
    const keys = new Set([...meeting.tags.keys(), ...tags.map(({ Key }) => Key)]);
    if (keys.size > 50) {
      throw new ControlProblem("TooManyTagsException", "A resource has at most 50 tags");
    }
    for (const { Key, Value } of tags) meeting.tags.set(Key, Value);
  }

  untag(meeting: Meeting, keys: readonly string[]): void {
    for (const key of keys) meeting.tags.delete(key);
  }

  /** An attendee has an audio connection: the meeting is not silent. */
  audioHere(meeting: Meeting, attendeeId: string): void {
    meeting.audio.add(attendeeId);
    meeting.silentSince = undefined;
  }

  /** An attendee's audio connection is gone; the last one starts the five minutes. */
  audioGone(meeting: Meeting, attendeeId: string): void {
    if (meeting.audio.delete(attendeeId) && meeting.audio.size === 0) {
      meeting.silentSince = this.clock();
    }
  }

  end(meeting: Meeting, reason: EndReason): void {
    if (meeting.endedAt !== undefined) return;
    meeting.endedAt = this.clock();
    meeting.endReason = reason;
    for (const listener of this.#listeners) listener.meetingEnded?.(meeting, reason);
  }

  /** Ends meetings that are silent or too old, and forgets old tokens. */
  expire(): void {
    const now = this.clock();
    for (const meeting of this.#meetings.values()) {
      if (now - meeting.createdAt >= this.limits.meetingAgeMs) this.end(meeting, "too-old");
      if (
        meeting.silentSince !== undefined &&
        now - meeting.silentSince >= this.limits.silentMeetingMs
      ) this.end(meeting, "silent");
    }
    for (const [token, { meeting }] of this.#tokens) {
      if (now - meeting.createdAt < this.limits.requestTokenMs) continue;
      this.#tokens.delete(token);
      this.#meetings.delete(meeting.meetingId);
    }
  }

  clear(): void {
    for (const meeting of this.active()) this.end(meeting, "closed");
    this.#meetings.clear();
    this.#tokens.clear();
  }
}

/** JSON with sorted keys: equal for equal parameters, whatever their order. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (part === null || typeof part !== "object" || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => a < b ? -1 : 1));
  });
}
