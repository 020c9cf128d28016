/**
 * Notices that a received video is frozen: its data arrives, but nothing is decoded. Decoders of
 * phones sometimes stall without an error. Pure; time comes with the readings.
 */

/** Counters of one received video. */
export interface VideoReading {
  /** Id of the track, which is another one after the video was subscribed to again. */
  readonly track: string;
  readonly framesDecoded: number;
  readonly bytesReceived: number;
}

/** One entry of a report (W3C WebRTC Statistics). Browsers omit what they do not support. */
interface Entry {
  readonly type: string;
  readonly id: string;
  readonly kind?: string;
  readonly trackId?: string;
  readonly trackIdentifier?: string;
  readonly framesDecoded?: number;
  readonly bytesReceived?: number;
}

/** Returns the received videos of a report. */
export function videosOf(
  report: { forEach(each: (entry: Entry) => void): void },
): readonly VideoReading[] {
  const videos: Entry[] = [];
  // Chromium before 109 and Safari before 17 name the track in an entry of its own.
  const tracks = new Map<string, string | undefined>();
  report.forEach((entry) => {
    if (entry.type === "inbound-rtp" && entry.kind === "video") videos.push(entry);
    if (entry.type === "track") tracks.set(entry.id, entry.trackIdentifier);
  });
  return videos.map(({ trackId = "", trackIdentifier, framesDecoded = 0, bytesReceived = 0 }) => ({
    track: trackIdentifier ?? tracks.get(trackId) ?? "",
    framesDecoded,
    bytesReceived,
  }));
}

/** A video is frozen if no frame was decoded for this long. */
const STILL_MS = 4_000;
/** Older data says nothing about now: the sender may have paused. */
const FRESH_MS = 2_000;
/** A video that was renewed has recovered if it moves after this long. */
const RECOVERED_MS = 10_000;
/** How often a video is renewed before the page gives up. */
const MAX_TRIES = 2;

/** Callbacks of {@link watchFreezes}; `id` is an attendee id. */
export interface FreezeEvents {
  /** The video is frozen: subscribe to it again. */
  renew(id: string): void;
  /** The video is still frozen after all attempts, or moves again. */
  stopped(id: string, stopped: boolean): void;
}

interface Watched extends VideoReading {
  readonly movedAt: number;
  /** When data arrived last. */
  readonly fedAt: number;
  readonly tries: number;
  readonly triedAt: number;
  readonly stopped: boolean;
}

/**
 * Returns a function that takes the videos of all people, by attendee id, about once a second.
 * `isWatched` is false for videos that a browser may stop decoding, because they are hidden.
 */
export function watchFreezes({ renew, stopped }: FreezeEvents) {
  const all = new Map<string, Watched>();

  function next(before: Watched | undefined, reading: VideoReading, at: number): Watched {
    const { tries = 0, triedAt = -Infinity, stopped: wasStopped = false } = before ?? {};
    if (before?.track !== reading.track) {
      return { ...reading, movedAt: at, fedAt: -Infinity, tries, triedAt, stopped: wasStopped };
    }
    const moved = reading.framesDecoded > before.framesDecoded;
    return {
      ...reading,
      movedAt: moved ? at : before.movedAt,
      fedAt: reading.bytesReceived > before.bytesReceived ? at : before.fedAt,
      tries: moved && at - triedAt > RECOVERED_MS ? 0 : tries,
      triedAt,
      stopped: wasStopped && !moved,
    };
  }
  return (
    videos: ReadonlyMap<string, VideoReading>,
    isWatched: (id: string) => boolean,
    at: number,
  ): void => {
    // A video that is being renewed is missing for a moment.
    all.forEach(({ triedAt }, id) => {
      if (!videos.has(id) && at - triedAt > RECOVERED_MS) all.delete(id);
    });
    for (const [id, reading] of videos) {
      const before = all.get(id);
      let now = next(before, reading, at);
      if (!isWatched(id)) now = { ...now, movedAt: at };
      if (at - now.movedAt >= STILL_MS && at - now.fedAt < FRESH_MS) {
        const again = now.tries < MAX_TRIES;
        now = again
          ? { ...now, movedAt: at, triedAt: at, tries: now.tries + 1 }
          : { ...now, stopped: true };
        if (again) renew(id);
      }
      all.set(id, now);
      if (now.stopped !== (before?.stopped ?? false)) stopped(id, now.stopped);
    }
  };
}
