/**
 * Everything that only a call needs. It is in the in-call bundle, a separate file that browsers
 * cache permanently, so that the document stays small.
 */
import type { Host } from "../bridge/events.ts";
import { type Call, type CallEvents, startCall } from "../call/call.ts";
import type { openSession } from "../call/session.ts";
import { createAudioOutput } from "../media/audio_output.ts";
import { DEVICE_KINDS } from "../media/permission.ts";
import type { Sdk } from "../media/sdk.ts";
import { createArrivals } from "../media/tones.ts";
import { type CallReports, createCallReports } from "../visit/call_reports.ts";
import type { CallStart, FlowEvents } from "../visit/dependencies.ts";
import { IN_CALL } from "../visit/phases.ts";
import type { Reports } from "../visit/reports.ts";
import type { VisitState } from "../visit/store.ts";
import { createCallDevices } from "./call_devices.ts";
import { createDeviceNotice } from "./device_notice.ts";
import type { BundleDependencies, InstalledLobby } from "./lobby_bundle.ts";
import { followHeading } from "./heading.ts";
import { createNetworkStatus } from "./network_status.ts";
import { createPeople } from "./people.ts";
import { createTimer } from "./timer.ts";
import { createSurface, type Surface } from "./surface.ts";
import { veilStage } from "./veil.ts";
import { element } from "./view.ts";

export interface InCallDependencies extends BundleDependencies {
  /** The lobby bundle, which is installed by then. */
  readonly lobby: InstalledLobby;
  readonly host: Host;
  readonly reports: Reports;
  readonly leave: () => void;
  /** Ends the visit for everyone; resolves with whether it succeeded. */
  readonly endForAll: () => Promise<boolean>;
}

/** Starts and shows calls. */
export interface InCall {
  start(sdk: Sdk, start: CallStart): Call;
  /** Updates the page after a change of the phase. */
  draw(before: VisitState): void;
  /** Resumes audio, for example after sleep. */
  resumeAudio(): void;
  /** Asks providers whether to leave or to end the visit; returns whether it asks. */
  asksToLeave(): boolean;
  /** The back button: closes whatever is open; returns whether anything was. */
  back(): boolean;
}

/** Global of the in-call bundle. */
export interface InCallFile {
  readonly openSession: typeof openSession;
  /** Inserts styles, markup and texts, and connects them. Called once. */
  readonly createInCall: (dependencies: InCallDependencies) => InCall;
}

declare global {
  // Set by the in-call bundle, like `ChimeSDK` by the SDK file.
  var chimeCallFile: InCallFile | undefined;
}

/** Updates controls, host and telemetry when a device changes. */
function followDevices(
  { store, telemetry, wish }: InCallDependencies,
  { controls, menu }: Surface,
  reports: CallReports,
): void {
  for (const device of DEVICE_KINDS) {
    store.follow(device, () => {
      const status = store.now[device];
      if (!status) return;
      const { state, trouble } = status;
      controls[device](state);
      if (device === "camera") {
        menu.camera(state === "on");
        // Turning the camera on ends audio only.
        menu.saver(wish.use !== "video");
      }
      reports.device(device, state, trouble);
      telemetry.note(device, { state, trouble: trouble ?? "" });
    });
  }
}

/** Notes the first video of another person. */
function noteFirstFrame({ page, telemetry }: InCallDependencies): void {
  // Media events do not bubble, so it is captured.
  element(page, "stage").addEventListener(
    "loadeddata",
    () => telemetry.note("first-frame"),
    { capture: true, once: true },
  );
}

/** Clears what a call leaves behind on the page. */
function clearCall({ page, store, view }: InCallDependencies, { tiles }: Surface): void {
  tiles.clear();
  store.set({ microphone: undefined, camera: undefined });
  view.clearNotice();
  element(page, "hear").hidden = true;
}

/** Connects the in-call UI of the document, before the first call. */
export function createInCall(dependencies: InCallDependencies): InCall {
  const { page, data, devices, reports, store, telemetry, texts, view, wish } = dependencies;
  const restore = element<HTMLButtonElement>(page, "restore");
  const audio = element<HTMLAudioElement>(page, "audio");
  const audioOutput = createAudioOutput(audio, element<HTMLButtonElement>(page, "hear"));
  const playAudio = () => void audioOutput.play();
  const people = createPeople(data, texts, view, store, dependencies.api.status);
  const callReports = createCallReports(dependencies.host, reports.sendIfChanged);
  const arrivals = createArrivals(
    () => void dependencies.lobby.tones.play("arrival"),
    () => performance.now(),
  );
  let call: Call | null = null;

  const surface = createSurface({
    ...dependencies,
    nameOf: people.known,
    roles: callReports.roles,
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
  const chooseDevices = createCallDevices({
    ...dependencies,
    ...dependencies.lobby,
    call: () => call,
  });
  dependencies.lobby.deviceHelp.watchRecovery(devices, page, (kind) => call?.retry([kind]));
  const deviceNotice = createDeviceNotice({
    ...dependencies,
    help: dependencies.lobby.deviceHelp,
    retry: () => call?.retry(DEVICE_KINDS.filter((kind) => store.now[kind]?.trouble)),
  });
  noteFirstFrame(dependencies);
  veilStage(page, store, texts);
  followHeading(page, store, data, people.nameOf);
  createTimer(page, store, `${data.api.base}${data.self.id} since`);
  restore.addEventListener("click", () => {
    void call?.restore();
    playAudio();
  });
  const events: Omit<CallEvents, keyof FlowEvents> = {
    ...people.events(surface.tiles, callReports, (id) => {
      playAudio();
      arrivals.joined(id);
    }),
    microphone: (state, trouble) => store.set({ microphone: { state, trouble } }),
    camera: (state, trouble) => store.set({ camera: { state, trouble } }),
    pictures: {
      isShown: (id) => page.visibilityState === "visible" && surface.tiles.isShown(id),
      renewed: () => telemetry.note("picture-renewed"),
      stopped(id, stopped) {
        surface.tiles.pictureStopped(id, stopped);
        reports.sendIfChanged("picture", { state: stopped ? "stopped" : "moving" });
        telemetry.note("picture", { stopped });
      },
    },
    replaced: (_, label) => deviceNotice.replaced(label),
    network: { ...network.events, signals: surface.tiles.signals },
    opened(...session) {
      people.clear();
      surface.opened(...session);
      chooseDevices();
    },
  };

  return {
    start(sdk, start) {
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
      const calling = IN_CALL.includes(phase);
      restore.hidden = phase !== "on-hold";
      surface.draw(before);
      if (phase === "in-call") playAudio();
      if (phase === "in-call" && before.phase === "connecting") arrivals.started();
      if (calling !== IN_CALL.includes(before.phase)) audioOutput.calling(calling);
      if (!calling) callReports.over();
      if (!calling && phase !== "connecting") {
        clearCall(dependencies, surface);
        people.clear();
        // Otherwise its session stays in memory.
        call = null;
      }
      network.draw();
    },
    resumeAudio() {
      call?.check();
      if (store.now.phase === "in-call") playAudio();
    },
    asksToLeave: surface.asksToLeave,
    back: surface.back,
  };
}
