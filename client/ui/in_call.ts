/**
 * Everything that only a call needs. It travels in a file of its own beside the SDK, so that the
 * document stays small, and browsers cache it forever.
 */
import { DEVICE_ERROR_TEXTS } from "../../supabase/functions/chime-page/contract/device_errors.ts";
import type { Host } from "../bridge/events.ts";
import { type Call, type CallEvents, startCall } from "../call/call.ts";
import { openSession } from "../call/session.ts";
import { createSound } from "../media/audio_output.ts";
import type { Sdk } from "../media/sdk.ts";
import { type CallReports, createCallReports } from "../visit/call_reports.ts";
import type { Caller, FlowEvents } from "../visit/dependencies.ts";
import { HOLDING } from "../visit/phases.ts";
import type { Reports } from "../visit/reports.ts";
import type { DeviceStatus, VisitState } from "../visit/store.ts";
import type { BundleDependencies, Unpacked } from "./in_call_bundle.ts";
import { createNetworkStatus } from "./network_status.ts";
import { createPeople } from "./people.ts";
import { createSurface, type Surface } from "./surface.ts";
import { element } from "./view.ts";

const REFUSED = ["microphoneRefused", "cameraRefused"] as const;
const DEVICES = ["microphone", "camera"] as const;

/** What the call takes from the document. */
export interface InCallDependencies extends BundleDependencies {
  readonly sdk: Sdk;
  readonly host: Host;
  /** Whether the screen is large enough for a large picture. */
  readonly wide: boolean;
  readonly reports: Reports;
  readonly leave: () => void;
  /** Ends the visit for everyone; answers whether it did. */
  readonly endForAll: () => Promise<boolean>;
}

/** The part of the page that makes and shows calls. */
export interface InCall extends Caller {
  /** Follows the phase. */
  draw(before: VisitState): void;
  /** Tries to make the others heard, e.g. after sleep. */
  listen(): void;
  /** Asks a person who may end the visit what they mean; answers whether it asks. */
  asksToLeave(): boolean;
  /** The back button: closes what is open; answers whether anything was. */
  back(): boolean;
}

/** What the in-call bundle hands to the document. */
export interface InCallFile {
  /** Puts what the file brings into the page; the same answer however often it is asked. */
  readonly unpack: (dependencies: BundleDependencies) => Unpacked;
  readonly createInCall: (dependencies: InCallDependencies) => InCall;
}

declare global {
  // Set by the in-call bundle, as the SDK's file sets `ChimeSDK`.
  var chimeCallFile: InCallFile | undefined;
}

type Dependencies = InCallDependencies & Pick<Unpacked, "more">;

/** Controls, notices, host and telemetry follow the devices of the call. */
function followDevices(
  { store, telemetry, view, wish }: Dependencies,
  { controls, menu }: Surface,
  reports: CallReports,
): void {
  const notice = (index: 0 | 1, status?: DeviceStatus) => {
    const trouble = status?.trouble;
    if (trouble) {
      return (trouble === "refused" ? REFUSED : DEVICE_ERROR_TEXTS[trouble])[index];
    }
    return status?.state === "busy" && index === 0 ? "microphoneWaiting" as const : undefined;
  };
  const notices = ({ microphone, camera }: VisitState) => [
    notice(0, microphone),
    notice(1, camera),
  ];
  const changed = (device: typeof DEVICES[number], { state, trouble }: DeviceStatus) => {
    controls[device](state);
    if (device === "camera") {
      menu.camera(state === "on");
      // Who wants to be seen takes more than the sound.
      menu.saver(wish.use !== "video");
    }
    reports.device(device, state, trouble);
    telemetry.note(device, { state, trouble: trouble ?? "" });
  };
  DEVICES.forEach((device) =>
    store.follow(device, (before) => {
      const status = store.now[device];
      if (status) changed(device, status);
      // Only a change: another notice may be there. Who is not heard needs to know that first.
      const [microphone, camera] = notices(store.now);
      if ([microphone, camera].join() !== notices(before).join()) {
        view.notice(microphone ?? camera ?? null);
      }
    })
  );
}

/** Makes the part of the page that holds calls. */
export function createInCall(dependencies: Dependencies): InCall {
  const { page, data, devices, reports, sdk, store, telemetry, texts, view, wish } = dependencies;
  const restore = element<HTMLButtonElement>(page, "restore");
  const hear = element<HTMLButtonElement>(page, "hear");
  const audio = element<HTMLAudioElement>(page, "audio");
  const sound = createSound(audio, hear);
  const listen = () => void sound.play();
  const people = createPeople(data, texts, view);
  const callReports = createCallReports(dependencies.host, reports.once);
  let call: Call | null = null;

  const surface = createSurface({
    ...dependencies,
    nameOf: people.known,
    others: people.count,
    microphone: () => call?.microphone.toggle(),
    camera: () => void call?.camera.toggle(),
    flip: () => void call?.camera.flip(),
    saver: (on) => network.use(on ? "saver" : "video"),
  });
  const network = createNetworkStatus({
    ...dependencies,
    nameOf: people.nameOf,
    report: reports.network,
    saved: (on) => surface.menu.saver(on),
  });
  followDevices(dependencies, surface, callReports);
  // Events of media do not bubble; with the first picture of somebody else the visit begins to count.
  element(page, "stage").addEventListener(
    "loadeddata",
    () => telemetry.note("first-frame"),
    { capture: true, once: true },
  );
  restore.addEventListener("click", () => {
    void call?.restore();
    listen();
  });
  const events: Omit<CallEvents, keyof FlowEvents> = {
    ...people.events(surface.tiles, callReports, listen),
    microphone: (state, trouble) => store.set({ microphone: { state, trouble } }),
    camera: (state, trouble) => store.set({ camera: { state, trouble } }),
    network: network.events,
    opened(...session) {
      people.clear();
      surface.opened(...session);
    },
  };

  return {
    open: (place) => openSession(sdk, place),
    start(start) {
      network.begin();
      return call = startCall({
        sdk,
        devices,
        limits: network.limits,
        audio,
        wish,
        ...start,
        events: { ...events, ...start.events },
      });
    },
    draw(before) {
      const { phase } = store.now;
      const calling = HOLDING.includes(phase);
      restore.hidden = phase !== "on-hold";
      surface.draw(before);
      if (phase === "in-call") listen();
      if (!calling) callReports.over();
      if (!calling && phase !== "connecting") {
        surface.tiles.clear();
        store.set({ microphone: undefined, camera: undefined });
        view.notice(null);
        hear.hidden = true;
      }
      network.draw();
    },
    listen() {
      call?.check();
      if (store.now.phase === "in-call") listen();
    },
    asksToLeave: surface.asksToLeave,
    back: surface.back,
  };
}
