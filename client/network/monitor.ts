/**
 * Monitors the network of a call. Once a second, it takes a sample from the SDK's WebRTC
 * statistics, chooses a rung of the quality ladder and reports it to the other pages. This reacts
 * faster than the SDK's own events, which lag by half a minute.
 */
import type { AudioVideoObserver, ClientMetricReport, DataMessage } from "amazon-chime-sdk-js";
import type { Camera } from "../media/camera.ts";
import { readData } from "./data_message.ts";
import type { During } from "../media/guard.ts";
import { addReading, EMPTY_METER, type Meter, overBudget } from "./data_budget.ts";
import { createLiveness, createSilenceDetector, reportSeconds } from "./liveness.ts";
import { firstQuality, nextQuality, type Quality, RUNGS } from "./quality_ladder.ts";
import type { AudioVideo } from "../media/sdk.ts";
import { createInbox } from "./inbox.ts";
import { isReduced, type NetworkReport, type OwnReport, type Signal, signalsOf } from "./signal.ts";
import { type Counters, countersOf, sampleOf } from "./stats.ts";

/**
 * Topic of {@link NetworkReport} messages. They are sent on changes and, as a sign of life, every few
 * seconds.
 */
const TOPIC = "network";

/** Events of the network monitor. */
export interface NetworkEvents {
  /**
   * @param rung name of the rung
   * @param poor whether this side's network is poor
   * @param others ExternalUserIds of others with a poor network
   */
  changed(rung: string, poor: boolean, others: readonly string[]): void;
  /** The connection and video of everyone who reports, this side first. */
  signals(signals: readonly Signal[]): void;
  /** Megabytes used by this call so far; about once a second. */
  used(megabytes: number): void;
}

/** The parts of a session that the monitor reads and controls. */
export interface LimitedSession {
  readonly audioVideo: AudioVideo;
  /** Attendee id of this page. */
  readonly self: string;
  /** Sets the maximum bitrate of the sent video in kbps, effective immediately. */
  limit(kbps: number): void;
  /** Turns receiving video on or off. Must be repeated after each start of the session. */
  watch(video: boolean): void;
}

export interface NetworkDependencies {
  readonly session: LimitedSession;
  readonly camera: Pick<Camera, "pause">;
  /** The stream of the camera. */
  readonly stream: () => MediaStream | null;
  /** The highest rung the person wants and their data budget; may change during the call. */
  readonly limits: () => { readonly top: number; readonly megabytesAnHour: number };
  readonly events: NetworkEvents;
  /** Called with true if nothing is received any more, and with false once something is. */
  readonly silent: (silent: boolean) => void;
  /** The same about one attendee, while this page still receives something. */
  readonly othersSilent: (id: string, silent: boolean) => void;
  readonly during: During;
  readonly fault: (error: unknown) => void;
}

/** Sends reports to people who join, and ignores reports from people who are not present. */
export interface NetworkMonitor {
  joined(attendeeId: string): void;
  left(attendeeId: string): void;
  /** Something other than a report came from an attendee. */
  heard(attendeeId: string): void;
}

/** Parses and validates a report; null if it is invalid. */
export function readNetworkReport(
  message: Pick<DataMessage, "senderExternalUserId" | "text">,
): NetworkReport | null {
  const { rung, poor, reduced, camera, next } = readData(message) ?? {};
  // RUNGS["map"] is defined too: accept only numbers.
  if (typeof rung !== "number" || RUNGS[rung] === undefined) return null;
  if (typeof poor !== "boolean") return null;
  return {
    sender: message.senderExternalUserId,
    rung,
    poor,
    ...(reduced === true && { reduced }),
    ...(camera === true && { camera }),
    ...(typeof next === "number" && next >= 1 && next <= 60 && { next }),
  };
}

/** Returns a function that takes counters and reports and limits the data used. */
function createDataLimit({ limits, events }: Pick<NetworkDependencies, "limits" | "events">) {
  let meter: Meter = EMPTY_METER;
  /** Rungs given up to stay within the budget. */
  let saved = 0;
  let lastTop = limits().top;
  return (counters: Counters) => {
    meter = addReading(meter, counters.at, counters.bytes);
    events.used(meter.bytes / 1e6);
    const { top, megabytesAnHour } = limits();
    if (top !== lastTop) {
      // Data used under the old setting says nothing about the new one.
      saved = 0;
      meter = { ...meter, minute: [] };
    }
    if (overBudget(meter, megabytesAnHour)) {
      // Step down for good, then measure a new minute to see whether that is enough.
      saved++;
      meter = { ...meter, minute: [] };
    }
    const raised = top > lastTop;
    lastTop = top;
    return { top, allowed: Math.max(0, top - saved), raised };
  };
}

/** The rung to send: no more than the others can receive. */
function rungToSend(own: number, reports: readonly NetworkReport[]): number {
  const lowest = Math.min(3, ...reports.map(({ rung }) => rung));
  // With several others, keep sending at least 180p: those who cannot receive it turn it off.
  return Math.min(own, reports.length > 1 ? Math.max(1, lowest) : lowest);
}

/** Starts monitoring. Call it before the session starts. */
export function monitorNetwork(dependencies: NetworkDependencies): NetworkMonitor {
  const { session, events, during, fault } = dependencies;
  const av = session.audioVideo;
  const inbox = createInbox();
  // Start in the middle; the first seconds show whether quality can go up.
  let quality: Quality = firstQuality(Math.min(2, dependencies.limits().top));
  let before: Counters | null = null;
  let lastReport = "";
  let lastReportAt = 0;
  let applied = "";
  let signaled = "";
  let highest = dependencies.limits().top;
  const liveness = createLiveness(dependencies.othersSilent);
  const limitDataUse = createDataLimit(dependencies);
  const detectSilence = createSilenceDetector(dependencies.silent);

  const ownReport = (): OwnReport => ({
    rung: quality.rung,
    poor: quality.poor,
    reduced: isReduced(quality, highest),
    camera: dependencies.stream() !== null,
  });
  function sendReport(at: number): void {
    const next = reportSeconds(inbox.size());
    const text = JSON.stringify({ ...ownReport(), next });
    // Samples come once a second, but not to the millisecond.
    if (text === lastReport && at - lastReportAt < next * 1000 - 500) return;
    [lastReport, lastReportAt] = [text, at];
    av.realtimeSendDataMessage(TOPIC, text);
  }
  function followOthers(report: ClientMetricReport, counters: Counters): void {
    for (const [id, streams] of Object.entries(report.getObservableVideoMetrics?.() ?? {})) {
      const rates = Object.values(streams).map((one) => Reflect.get(one, "videoDownstreamBitrate"));
      if (rates.some((kbps) => kbps > 0)) liveness.heard(id);
    }
    liveness.take(counters);
  }
  function apply(): void {
    const received = inbox.current();
    const reports = received.map(([, report]) => report);
    const index = rungToSend(quality.rung, reports);
    const rung = RUNGS[index] ?? RUNGS[0];
    const others = reports.filter(({ poor }) => poor).map(({ sender }) => sender);
    const signals = signalsOf(session.self, ownReport(), received, index > 0);
    const told = JSON.stringify(signals);
    // Before the first measurement, nothing is known about this side.
    if (before !== null && told !== signaled) {
      signaled = told;
      events.signals(signals);
    }
    const next = `${rung.name} ${quality.rung} ${quality.poor} ${others}`;
    if (next === applied) return;
    applied = next;
    session.watch(quality.rung > 0);
    dependencies.camera.pause(index === 0);
    if (index > 0) {
      session.limit(rung.kbps);
      dependencies.stream()?.getVideoTracks()[0]
        ?.applyConstraints({ width: { ideal: rung.width }, height: { ideal: rung.height } })
        .catch(fault);
    }
    events.changed(rung.name, quality.poor, others);
  }
  function update(report: ClientMetricReport): void {
    const counters = countersOf(report.rtcStatsReport);
    detectSilence(counters);
    followOthers(report, counters);
    const { top, allowed, raised } = limitDataUse(counters);
    highest = allowed;
    // If the person raises the limit, step up at once. The ladder steps down again if necessary.
    if (raised) quality = { ...quality, rung: Math.max(quality.rung, Math.min(2, top)) };
    if (before !== null) quality = nextQuality(quality, sampleOf(before, counters), allowed);
    before = counters;
    sendReport(counters.at);
    apply();
  }
  const observer: AudioVideoObserver = {
    metricsDidReceive: during((report: ClientMetricReport) => {
      if (report.rtcStatsReport) update(report);
    }),
    audioVideoDidStart: during(() => {
      // A new connection resets the counters and the video policies.
      before = null;
      applied = lastReport = "";
      liveness.reset();
      apply();
    }),
  };
  av.addObserver(observer);
  av.realtimeSubscribeToReceiveDataMessage(
    TOPIC,
    during((message: DataMessage) => {
      const { senderAttendeeId: sender, throttled } = message;
      if (throttled || sender === session.self) return;
      const report = readNetworkReport(message);
      if (report === null || !inbox.add(sender, report)) return;
      liveness.heard(sender, report.next);
      apply();
    }),
  );
  return {
    joined(attendeeId) {
      lastReport = "";
      inbox.joined(attendeeId);
      apply();
    },
    left(attendeeId) {
      inbox.left(attendeeId);
      liveness.left(attendeeId);
      apply();
    },
    heard: (attendeeId) => liveness.heard(attendeeId),
  };
}
