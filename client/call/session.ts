/** One session with Chime before anybody is in it: made, and its signalling warmed. */
import type { VideoSource } from "amazon-chime-sdk-js";
import type { JoinInfo } from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Sdk } from "../media/sdk.ts";
import type { LimitedSession } from "../network/monitor.ts";

/** A session that can be joined. */
export interface Session extends LimitedSession {
  /** Opens the signalling connection only: no media, nobody sees or hears anything. */
  warm(): void;
  /** Lets go of everything. */
  close(): Promise<void>;
}

/** Makes a session; nothing is connected. */
export function openSession(sdk: Sdk, join: JoinInfo): Session {
  withoutForbiddenTransforms(sdk);
  const logger = new sdk.ConsoleLogger("chime", sdk.LogLevel.ERROR);
  const controller = new sdk.DefaultDeviceController(logger);
  // Never open devices just to read labels.
  controller.setDeviceLabelTrigger(() => Promise.resolve(new MediaStream()));
  const self = join.attendee.AttendeeId;
  const configuration = new sdk.MeetingSessionConfiguration(join.meeting, join.attendee);
  // The usual policies of the SDK, held here because only so they can be turned in mid-call
  // without negotiating anew.
  const uplink = new sdk.NScaleVideoUplinkBandwidthPolicy(self, true, logger);
  const downlink = new sdk.AllHighestVideoBandwidthPolicy(self);
  configuration.videoUplinkBandwidthPolicy = uplink;
  configuration.videoDownlinkBandwidthPolicy = downlink;
  const { audioVideo } = new sdk.DefaultMeetingSession(configuration, logger, controller);
  return {
    audioVideo,
    self,
    warm: () => audioVideo.start({ signalingOnly: true }),
    limit(kbps) {
      uplink.setIdealMaxBandwidthKbps(kbps);
      void uplink.updateTransceiverController();
    },
    watch(pictures) {
      // No list means everybody, as in the policy's own reset(); only its type does not say so.
      downlink.chooseRemoteVideoSources(pictures ? undefined as unknown as VideoSource[] : []);
    },
    async close() {
      audioVideo.stop();
      await controller.destroy();
    },
  };
}

/**
 * SDK 3.32 transforms encoded media wherever `createEncodedStreams` exists, but asks a connection for
 * such streams (`CreatePeerConnectionTask`) only where it sends sound redundantly, from Chromium 107
 * on. Below, the first transform throws and no call connects; without the method it does without.
 */
function withoutForbiddenTransforms(sdk: Sdk): void {
  if (new sdk.DefaultBrowserBehavior().supportsAudioRedundancy()) return;
  Reflect.deleteProperty(RTCRtpSender.prototype, "createEncodedStreams");
}
