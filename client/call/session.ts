/** Creates Chime sessions. */
import type { VideoSource } from "amazon-chime-sdk-js";
import type { JoinInfo } from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Sdk } from "../media/sdk.ts";
import type { LimitedSession } from "../network/monitor.ts";

/** A session that can be started. */
export interface Session extends LimitedSession {
  /** Opens only the signaling connection, without media, so that joining is faster. */
  warm(): void;
  /** Leaves out the videos of these attendees; an empty list receives all again. */
  skip(attendeeIds: readonly string[]): void;
  /** Stops the session and releases its resources. */
  close(): Promise<void>;
}

/** Creates a session without connecting it. */
export function openSession(sdk: Sdk, join: JoinInfo): Session {
  disableUnsupportedTransforms(sdk);
  const logger = new sdk.ConsoleLogger("chime", sdk.LogLevel.ERROR);
  const controller = new sdk.DefaultDeviceController(logger);
  // By default the SDK opens devices only to read their labels.
  controller.setDeviceLabelTrigger(() => Promise.resolve(new MediaStream()));
  const self = join.attendee.AttendeeId;
  const configuration = new sdk.MeetingSessionConfiguration(join.meeting, join.attendee);
  // The SDK's default policies, created here so that they can be changed during a call without
  // renegotiation.
  const uplink = new sdk.NScaleVideoUplinkBandwidthPolicy(self, true, logger);
  const downlink = new sdk.AllHighestVideoBandwidthPolicy(self);
  configuration.videoUplinkBandwidthPolicy = uplink;
  configuration.videoDownlinkBandwidthPolicy = downlink;
  const session = new sdk.DefaultMeetingSession(configuration, logger, controller);
  // The session forgets it when it is destroyed, and callers may still have something to unsubscribe.
  const { audioVideo } = session;
  let watching = true;
  let skipped: readonly string[] = [];
  const choose = () => {
    const chosen = () =>
      audioVideo.getRemoteVideoSources()
        .filter(({ attendee }) => !skipped.includes(attendee.attendeeId));
    // No list means everyone, as in the policy's own reset(), but its type does not allow that.
    const everyone = undefined as unknown as VideoSource[];
    downlink.chooseRemoteVideoSources(
      watching ? skipped.length > 0 ? chosen() : everyone : [],
    );
  };
  return {
    audioVideo,
    self,
    warm: () => audioVideo.start({ signalingOnly: true }),
    limit(kbps) {
      uplink.setIdealMaxBandwidthKbps(kbps);
      void uplink.updateTransceiverController();
    },
    watch(video) {
      watching = video;
      choose();
    },
    skip(attendeeIds) {
      skipped = attendeeIds;
      choose();
    },
    async close() {
      audioVideo.stop();
      await controller.destroy();
      // Ends its reports to AWS, which would otherwise go on with a timer and listeners of their own.
      await session.destroy();
    },
  };
}

/**
 * Works around SDK 3.32, which transforms encoded media wherever `createEncodedStreams` exists, but
 * enables encoded streams (`CreatePeerConnectionTask`) only with audio redundancy, from Chromium
 * 107. In older versions the first transform throws and no call connects. Without the method, the
 * SDK skips its transforms.
 */
function disableUnsupportedTransforms(sdk: Sdk): void {
  if (new sdk.DefaultBrowserBehavior().supportsAudioRedundancy()) return;
  Reflect.deleteProperty(RTCRtpSender.prototype, "createEncodedStreams");
}
