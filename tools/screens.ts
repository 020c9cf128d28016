/** The screens of the visit page and how to get to each. */
import { enterCall, type Scene, type SceneOptions } from "../tests/page/scenes.ts";
import { PATIENT, PROVIDER, until } from "../tests/page/support.ts";

/** One screen: how to get there. */
export interface Screen {
  readonly name: string;
  readonly options?: Omit<SceneOptions, "phone" | "language">;
  readonly act: (scene: Scene) => Promise<void>;
}

const doctor = `a-${PROVIDER.id}`;
const inCall = (people: number, then?: (scene: Scene) => Promise<void>) => async (scene: Scene) => {
  await enterCall(scene);
  await scene.company(people);
  await scene.pull("speak", doctor);
  await then?.(scene);
};
const phase = (scene: Scene, name: string) =>
  until(name, async () => await scene.phone.page.getAttribute("body", "data-phase") === name);
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
const group = { group: true } as const;
const asProvider = { data: { self: PROVIDER } } as const;

/** Every screen of the visit page, in the order a person meets them. */
export const SCREENS: readonly Screen[] = [
  { name: "lobby", options: { data: { lobby: true } }, act: (scene) => phase(scene, "lobby") },
  {
    name: "waiting",
    options: { data: { state: "waiting", join: null } },
    act: (scene) => phase(scene, "waiting"),
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
  { name: "chat", act: inCall(1, talk) },
  {
    name: "more",
    options: { ...group, hosted: true },
    act: inCall(3, (scene) => tap(scene, "more")),
  },
  {
    name: "leave",
    options: asProvider,
    act: async (scene) => {
      await enterCall(scene);
      await scene.pull("enter", `a-${PATIENT.id}`, PATIENT.id, 30);
      await tap(scene, "leave");
    },
  },
  { name: "reconnecting", act: inCall(1, (scene) => scene.pull("reconnect")) },
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
    name: "ended",
    act: inCall(1, (scene) => scene.pull("stop", "MeetingEnded").then(() => phase(scene, "ended"))),
  },
  {
    name: "elsewhere",
    act: inCall(1, (scene) => scene.pull("stop", "AudioJoinedFromAnotherDevice")),
  },
  { name: "failed", act: inCall(1, (scene) => scene.pull("stop", "AudioDisconnected")) },
];
