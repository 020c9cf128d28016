/** The screens of the visit page and how to get to each. */
import { untilInPage } from "../tests/support/browser.ts";
import { enterCall, type Scene, type SceneOptions } from "../tests/support/scene.ts";
import { PATIENT, PROVIDER } from "../tests/support/visit_page.ts";
import { until } from "../tests/support/patience.ts";

export interface Screen {
  readonly name: string;
  readonly options?: Omit<SceneOptions, "phone" | "language">;
  readonly act: (scene: Scene) => Promise<unknown>;
}

const doctor = `a-${PROVIDER.id}`;
const inCall =
  (people: number, then?: (scene: Scene) => Promise<unknown>) => async (scene: Scene) => {
    await enterCall(scene);
    await scene.company(people);
    await scene.pull("speak", doctor);
    await then?.(scene);
  };
const phase = (scene: Scene, name: string) =>
  until(name, async () => await scene.phone.page.getAttribute("body", "data-phase") === name);
const stopped = (status: string, name: string) =>
  inCall(1, (scene) => scene.pull("stop", status).then(() => phase(scene, name)));
const shown = (scene: Scene, selector: string) =>
  scene.phone.page.waitForSelector(`${selector}:not([hidden]):not(:empty)`);
const tap = (scene: Scene, ...ids: string[]) =>
  ids.reduce(
    (before, id) => before.then(() => scene.phone.page.click(`#${id}`)),
    Promise.resolve(),
  );
const talk = async (scene: Scene) => {
  await scene.pull("say", PROVIDER.id, { id: "1", text: "Good morning! How are you today?" });
  await tap(scene, "chat-open");
  await scene.phone.page.fill("#chat-text", "Better, thank you. The cough is almost gone.");
  await scene.phone.page.keyboard.press("Enter");
  const id = await scene.phone.page.evaluate(() => Reflect.get(globalThis, "puppet").lastId());
  await scene.pull("say", PROVIDER.id, { ack: id });
  await scene.pull("say", PROVIDER.id, {
    id: "2",
    text: "Please finish the tablets: one at 8:00, one at 20:00.",
  });
};
/** Imitates browsers that play only after a tap. */
const refusePlay = (scene: Scene) =>
  scene.phone.page.evaluate(() => {
    const audio = document.querySelector("audio") as HTMLAudioElement;
    audio.srcObject = new MediaStream();
    audio.play = () => Promise.reject(new DOMException("", "NotAllowedError"));
    Reflect.get(globalThis, "chimePage").send({ command: "foreground" });
  });
const leaving = async (scene: Scene) => {
  await enterCall(scene);
  await scene.pull("enter", `a-${PATIENT.id}`, PATIENT.id, 30);
  await tap(scene, "leave");
};
const group = { group: true } as const;
const asProvider = { data: { self: PROVIDER } } as const;
const lobby = { data: { lobby: true } } as const;
const waiting = { state: "waiting", join: null } as const;

/** Every screen of the visit page, in the order a person meets them. */
export const SCREENS: readonly Screen[] = [
  { name: "loading", options: { sdk: "slow" }, act: (scene) => phase(scene, "loading") },
  { name: "not-loaded", options: { sdk: "missing" }, act: (scene) => phase(scene, "failed") },
  { name: "lobby", options: lobby, act: (scene) => phase(scene, "lobby") },
  {
    name: "lobby-refused",
    options: { ...lobby, trouble: "NotAllowedError" },
    act: (scene) => shown(scene, "#lobby-help"),
  },
  {
    name: "lobby-provider",
    options: { data: { self: PROVIDER, lobby: true } },
    async act(scene) {
      scene.visit.present = [PATIENT.id];
      await shown(scene, "#who-waits");
      await tap(scene, "try-mic", "try-camera");
    },
  },
  {
    name: "expected",
    options: { data: { ...waiting, lobby: true } },
    act: (scene) => shown(scene, "#lobby"),
  },
  {
    name: "ready",
    options: { data: { ...waiting, lobby: true } },
    act: (scene) => shown(scene, "#lobby").then(() => tap(scene, "join")),
  },
  {
    name: "lobby-more",
    options: lobby,
    act: (scene) => shown(scene, "#more").then(() => tap(scene, "more")),
  },
  { name: "waiting", options: { data: waiting }, act: (scene) => phase(scene, "waiting") },
  {
    name: "connecting",
    options: lobby,
    async act(scene) {
      await untilInPage(scene.phone.page, () => "puppet" in globalThis);
      await scene.pull("stall");
      await tap(scene, "join");
      await phase(scene, "connecting");
    },
  },
  { name: "alone", act: enterCall },
  { name: "call", act: inCall(1) },
  {
    name: "muted",
    act: inCall(1, async (scene) => {
      await tap(scene, "mic", "camera");
      await scene.pull("mute", doctor, true);
    }),
  },
  { name: "refused", options: { trouble: "NotAllowedError" }, act: inCall(1) },
  {
    name: "tap-to-hear",
    act: inCall(1, (scene) => refusePlay(scene).then(() => shown(scene, "#hear"))),
  },
  { name: "poor", act: inCall(1, (scene) => scene.pull("pass", 6, 400, 9)) },
  {
    name: "poor-other",
    act: inCall(
      1,
      (scene) => scene.pull("say", PROVIDER.id, { rung: 0, poor: true }, "network"),
    ),
  },
  {
    name: "offline",
    act: inCall(
      1,
      (scene) => scene.phone.context.setOffline(true).then(() => shown(scene, "#notice")),
    ),
  },
  { name: "reconnecting", act: inCall(1, (scene) => scene.pull("reconnect")) },
  {
    name: "on-hold",
    act: inCall(
      1,
      (scene) =>
        scene.phone.page.evaluate("puppetDevices.hold()").then(() => phase(scene, "on-hold")),
    ),
  },
  { name: "three", options: group, act: inCall(3) },
  { name: "six", options: group, act: inCall(6) },
  { name: "sixteen", options: group, act: inCall(15) },
  {
    name: "speaker",
    options: group,
    act: inCall(15, async (scene) => {
      await tap(scene, "more", "large");
      await scene.phone.page.keyboard.press("Escape");
    }),
  },
  {
    name: "shared-screen",
    options: group,
    act: inCall(4, (scene) => scene.pull("screen", doctor, PROVIDER.id)),
  },
  { name: "sharing", act: inCall(1, (scene) => scene.pull("share")) },
  { name: "chat-empty", act: inCall(1, (scene) => tap(scene, "chat-open")) },
  {
    name: "captions",
    act: inCall(1, async (scene) => {
      await scene.pull("caption", doctor, PROVIDER.id, "Good morning! How have you been sleeping?");
      await scene.pull("caption", `a-${PATIENT.id}`, PATIENT.id, "Better, but the cough is back.");
    }),
  },
  { name: "chat", act: inCall(1, talk) },
  {
    name: "chat-trouble",
    act: inCall(1, async (scene) => {
      await talk(scene);
      await scene.phone.page.fill("#chat-text", "Is it dangerous?");
      await scene.phone.page.keyboard.press("Enter");
      await scene.pull("throttle");
      await scene.phone.page.fill("#chat-text", "I have more questions. ".repeat(100));
    }),
  },
  {
    name: "more",
    options: { ...group, hosted: true },
    act: inCall(3, (scene) => tap(scene, "more")),
  },
  { name: "leave", options: asProvider, act: leaving },
  {
    name: "not-ended",
    options: asProvider,
    act: (scene) =>
      leaving(scene).then(() => tap(scene, "leave-all")).then(() => shown(scene, "#leave-trouble")),
  },
  {
    name: "left",
    options: { hosted: true },
    act: inCall(1, (scene) => tap(scene, "leave").then(() => phase(scene, "left"))),
  },
  {
    name: "what-was-wrong",
    act: inCall(1, (scene) => tap(scene, "leave", "bad").then(() => phase(scene, "left"))),
  },
  {
    name: "thanks",
    options: { hosted: true },
    act: inCall(1, (scene) => tap(scene, "leave", "good").then(() => shown(scene, "#thanks"))),
  },
  { name: "ended", act: stopped("MeetingEnded", "ended") },
  { name: "removed", act: stopped("AudioAttendeeRemoved", "ended") },
  { name: "elsewhere", act: stopped("AudioJoinedFromAnotherDevice", "joined-elsewhere") },
  { name: "full", act: stopped("AudioCallAtCapacity", "failed") },
  { name: "failed", act: stopped("AudioDisconnected", "failed") },
];
