/**
 * The network of a running call: one sample a second from the SDK's own statistics, a rung of the
 * ladder out of it, and a word to the others about it. Faster than the SDK's events, which lag by
 * half a minute.
 */
import type { AudioVideoObserver, ClientMetricReport, DataMessage } from "amazon-chime-sdk-js";
import type { Camera } from "../media/camera.ts";
import { readData } from "./data_message.ts";
import type { During } from "../media/guard.ts";
import { EMPTY_METER, type Meter, overBudget, read } from "./data_budget.ts";
import { firstQuality, nextQuality, type Quality, RUNGS } from "./quality_ladder.ts";
import type { AudioVideo } from "../media/sdk.ts";
import { type Counters, countersOf, sampleOf } from "./stats.ts";

/** What others hear about a network: what picture it bears, and whether it is poor. */
const TOPIC = "network";

/**
 * Nothing at all for so long is no network: ICE asks every 2.5 s. The SDK waits for its own pings,
 * which take half a minute to fail.
 */
const SILENCE_MS = 7_000;

/** What the page hears of the network. */
export interface NetworkEvents {
  /** `rung` by its name; `poor` is this side's, `others` the ExternalUserIds with a poor one. */
  changed(rung: string, poor: boolean, others: readonly string[]): void;
  /** Megabytes this call has taken so far; about once a second. */
  used(megabytes: number): void;
}

/** What of a session the network is read from, and what it limits. */
export interface LimitedSession {
  readonly audioVideo: AudioVideo;
  /** The reader's attendee id. */
  readonly self: string;
  /** The most that the own picture may take, in kbps; in force at once. */
  limit(kbps: number): void;
  /** Whether the pictures of the others are asked for; to be said again after each start. */
  watch(pictures: boolean): void;
}

/** What the network part needs. */
export interface NetworkDependencies {
  readonly session: LimitedSession;
  readonly camera: Pick<Camera, "pause">;
  readonly stream: () => MediaStream | null;
  /** The highest rung the person wants, and what an hour may cost; changes in mid-call. */
  readonly limits: () => { readonly top: number; readonly megabytesAnHour: number };
  readonly events: NetworkEvents;
  /** Nothing comes in any more, or something does again. */
  readonly silent: (silent: boolean) => void;
  readonly during: During;
  readonly fault: (error: unknown) => void;
}

/** The others' words by sender: the rung they bear. */
interface Word {
  readonly who: string;
  readonly rung: number;
  readonly poor: boolean;
}

/**
 * Follows who is there: words are told anew to those who come, and only those of people who are
 * there count.
 */
export interface Network {
  joined(attendeeId: string): void;
  left(attendeeId: string): void;
}

/** So many words are kept of people who are not there: their presence may come after their word. */
const MOST_EARLY = 50;

/** Checks what anybody may have sent. */
export function readWord(message: Pick<DataMessage, "senderExternalUserId" | "text">): Word | null {
  const { rung, poor } = readData(message) ?? {};
  // Of a list also its methods have names: "map" is no rung.
  if (typeof rung !== "number" || RUNGS[rung] === undefined) return null;
  if (typeof poor !== "boolean") return null;
  return { who: message.senderExternalUserId, rung, poor };
}

/** Follows the network from the session's start on. */
export function followNetwork(dependencies: NetworkDependencies): Network {
  const { session, events, during, fault } = dependencies;
  const av = session.audioVideo;
  const words = new Map<string, Word>();
  const present = new Set<string>();
  // The picture begins in the middle: the first seconds tell whether it may grow.
  let quality: Quality = firstQuality(Math.min(2, dependencies.limits().top));
  let meter: Meter = EMPTY_METER;
  let before: Counters | null = null;
  let saved = 0;
  let wanted = dependencies.limits().top;
  let told = "";
  let applied = "";
  let incoming = -1;
  let incomingAt = 0;
  let silent = false;

  function listen(counters: Counters): void {
    if (counters.incoming !== incoming) {
      [incoming, incomingAt] = [counters.incoming, counters.at];
    }
    const now = counters.at - incomingAt > SILENCE_MS;
    if (now === silent) return;
    silent = now;
    dependencies.silent(silent);
  }
  function tell(): void {
    const text = JSON.stringify({ rung: quality.rung, poor: quality.poor });
    if (text === told) return;
    told = text;
    av.realtimeSendDataMessage(TOPIC, text);
  }
  function apply(): void {
    // A picture that the other side cannot take is not sent either. Among several, whoever bears
    // none asks for none, and the rest may still see.
    const heard = [...words].filter(([id]) => present.has(id)).map(([, word]) => word);
    const wished = Math.min(3, ...heard.map(({ rung }) => rung));
    const borne = Math.min(quality.rung, heard.length > 1 ? Math.max(1, wished) : wished);
    const rung = RUNGS[borne] ?? RUNGS[0];
    const others = heard.filter(({ poor }) => poor).map(({ who }) => who);
    const now = `${rung.name} ${quality.rung} ${quality.poor} ${others}`;
    if (now === applied) return;
    applied = now;
    session.watch(quality.rung > 0);
    dependencies.camera.pause(borne === 0);
    if (borne > 0) {
      session.limit(rung.kbps);
      dependencies.stream()?.getVideoTracks()[0]
        ?.applyConstraints({ width: { ideal: rung.width }, height: { ideal: rung.height } })
        .catch(fault);
    }
    events.changed(rung.name, quality.poor, others);
  }
  const take = (report: RTCStatsReport): void => {
    const counters = countersOf(report);
    listen(counters);
    meter = read(meter, counters.at, counters.bytes);
    events.used(meter.bytes / 1e6);
    const { top, megabytesAnHour } = dependencies.limits();
    if (top !== wanted) {
      // What the old choice has cost says nothing about the new one.
      saved = 0;
      meter = { ...meter, minute: [] };
    }
    if (overBudget(meter, megabytesAnHour)) {
      // One rung less for good, and a fresh minute to see whether that is enough.
      saved++;
      meter = { ...meter, minute: [] };
    }
    // Somebody who asks for more is shown it at once; the ladder takes it back if it must.
    if (top > wanted) quality = { ...quality, rung: Math.max(quality.rung, Math.min(2, top)) };
    wanted = top;
    if (before !== null) {
      quality = nextQuality(quality, sampleOf(before, counters), Math.max(0, top - saved));
    }
    before = counters;
    tell();
    apply();
  };
  const observer: AudioVideoObserver = {
    metricsDidReceive: during((report: ClientMetricReport) => {
      if (report.rtcStatsReport) take(report.rtcStatsReport);
    }),
    audioVideoDidStart: during(() => {
      // A new connection counts anew, and has policies that know nothing yet.
      before = null;
      applied = told = "";
      apply();
    }),
  };
  av.addObserver(observer);
  av.realtimeSubscribeToReceiveDataMessage(
    TOPIC,
    during((message: DataMessage) => {
      const { senderAttendeeId: sender, throttled } = message;
      if (throttled || sender === session.self) return;
      const word = readWord(message);
      if (word === null || !present.has(sender) && words.size - present.size > MOST_EARLY) return;
      words.set(sender, word);
      apply();
    }),
  );
  return {
    joined(attendeeId) {
      told = "";
      present.add(attendeeId);
      apply();
    },
    left(attendeeId) {
      present.delete(attendeeId);
      words.delete(attendeeId);
      apply();
    },
  };
}
