/** Renews received videos that are frozen. */
import type { ClientMetricReport } from "amazon-chime-sdk-js";
import type { During } from "../media/guard.ts";
import { videosOf, watchFreezes } from "../network/frozen_video.ts";
import type { Session } from "./session.ts";

/** Events about the pictures of other people; `id` is an attendee id. */
export interface PictureEvents {
  /** Whether the picture is on the screen. Browsers may stop decoding one that is not. */
  isShown(id: string): boolean;
  /** A frozen picture is subscribed to again. */
  renewed(): void;
  /** The picture has stopped although its data arrives, or moves again. */
  stopped(id: string, stopped: boolean): void;
}

/** A new subscription needs two of the SDK's updates, one a second: without the video, and with it. */
const PAUSE_MS = 2_500;

/** Starts watching. Call it before the session starts. */
export function watchPictures(session: Session, events: PictureEvents, during: During): void {
  const { audioVideo } = session;
  /** When each video was left out of the subscription. */
  const skipped = new Map<string, number>();
  const watch = watchFreezes({
    renew(id) {
      skipped.set(id, performance.now());
      session.skip([...skipped.keys()]);
      events.renewed();
    },
    stopped: events.stopped,
  });
  audioVideo.addObserver({
    metricsDidReceive: during(({ rtcStatsReport }: ClientMetricReport) => {
      const now = performance.now();
      const renewed = [...skipped].filter(([, at]) => now - at > PAUSE_MS);
      renewed.forEach(([id]) => skipped.delete(id));
      if (renewed.length > 0) session.skip([...skipped.keys()]);
      if (!rtcStatsReport) return;
      const readings = new Map(videosOf(rtcStatsReport).map((video) => [video.track, video]));
      const videos = (audioVideo.getAllRemoteVideoTiles() ?? []).flatMap((tile) => {
        const { boundAttendeeId, boundVideoStream } = tile.state();
        const reading = readings.get(boundVideoStream?.getVideoTracks()[0]?.id ?? "");
        return boundAttendeeId && reading ? [[boundAttendeeId, reading] as const] : [];
      });
      watch(new Map(videos), events.isShown, now);
    }),
  });
}
