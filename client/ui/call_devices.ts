/** The choice of microphone, camera and speaker during a call, in the More sheet. */
import type { Call } from "../call/call.ts";
import type { Texts } from "../i18n/texts.ts";
import type { Devices } from "../media/devices.ts";
import { IN_CALL } from "../visit/phases.ts";
import type { Store } from "../visit/store.ts";
import type { deviceLists } from "./lobby_devices.ts";
import { element } from "./view.ts";

export interface CallDevicesDependencies {
  readonly page: Document;
  readonly store: Store;
  readonly texts: Texts;
  readonly devices: Devices;
  readonly call: () => Call | null;
  readonly deviceLists: typeof deviceLists;
}

/**
 * Connects the lists in the document. Phones show a list only if there is something to choose, and
 * "Switch camera" instead of a list of their cameras.
 * @returns a function to call in each new call, before its session starts
 */
export function createCallDevices(
  { page, store, texts, devices, call, deviceLists }: CallDevicesDependencies,
): () => void {
  const { choiceOf, fillDeviceList } = deviceLists;
  const list = (id: string) => element<HTMLSelectElement>(page, id);
  const [microphones, cameras, speakers] = [
    list("call-mics"),
    list("call-cameras"),
    list("speakers"),
  ];
  const least = matchMedia("(pointer: coarse)").matches ? 2 : 1;
  // In an app, the switch for speaker or earpiece decides.
  const canChooseSpeaker = "setSinkId" in HTMLMediaElement.prototype &&
    element(page, "route").hidden;
  /** Id of the chosen speaker; null is the device's own choice. */
  let speaker: string | null = null;

  /** The SDK only accepts ids that it has listed. */
  const applySpeaker = async () => {
    const audioVideo = call()?.audioVideo;
    await audioVideo?.listAudioOutputDevices(true);
    await audioVideo?.chooseAudioOutput(speaker);
  };
  const draw = async () => {
    if (!IN_CALL.includes(store.now.phase)) return;
    const settings = (device: "microphone" | "camera") =>
      devices[device].stream?.getTracks()[0]?.getSettings();
    const [microphone, camera] = [settings("microphone"), settings("camera")];
    // The list of a closed device keeps the last choice.
    if (microphone) await fillDeviceList(microphones, "audioinput", microphone, texts, least);
    const sides = camera?.facingMode !== undefined;
    if (camera && !sides) await fillDeviceList(cameras, "videoinput", camera, texts, least);
    if (sides) cameras.closest("label")?.toggleAttribute("hidden", true);
    if (!canChooseSpeaker) return;
    await fillDeviceList(speakers, "audiooutput", { deviceId: speaker ?? "default" }, texts, least);
    const gone = speaker !== null && ![...speakers.options].some(({ value }) => value === speaker);
    if (!gone) return;
    speaker = null;
    await applySpeaker();
  };
  const redraw = () => void draw().catch(() => undefined);

  microphones.addEventListener("change", () => void call()?.microphone.pick(choiceOf(microphones)));
  cameras.addEventListener("change", () => void call()?.camera.pick(choiceOf(cameras)));
  speakers.addEventListener("change", () => {
    speaker = speakers.value;
    applySpeaker().catch(() => undefined);
  });
  navigator.mediaDevices?.addEventListener?.("devicechange", redraw);
  for (const key of ["phase", "microphone", "camera"] as const) store.follow(key, redraw);
  return () => {
    if (speaker !== null) applySpeaker().catch(() => undefined);
  };
}
