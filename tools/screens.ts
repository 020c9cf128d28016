/** The screens of the visit page and how to get to each. */
import { untilInPage } from "../tests/support/browser.ts";
import { enterCall, type Scene, type SceneOptions } from "../tests/support/scene.ts";
import { PATIENT, PROVIDER } from "../tests/support/visit_page.ts";
import { until } from "../tests/support/patience.ts";
import type { Puppet } from "../tests/support/puppet.ts";

type Step = (scene: Scene) => Promise<unknown>;

export interface Screen {
  readonly name: string;
  readonly options: Omit<SceneOptions, "phone" | "language">;
  /** Goes to the screen. */
  readonly act: Step;
}

const doctor = `a-${PROVIDER.id}`;
const patient = `a-${PATIENT.id}`;

const steps = (...all: readonly Step[]): Step => async (scene) => {
  for (const step of all) await step(scene);
};
const phase = (name: string): Step => ({ phone }) =>
  until(name, async () => await phone.page.getAttribute("body", "data-phase") === name);
const shown = (selector: string): Step => ({ phone }) =>
  phone.page.waitForSelector(`${selector}:not([hidden]):not(:empty)`);
const tap = (...ids: readonly string[]): Step =>
  steps(...ids.map((id): Step => ({ phone }) => phone.page.click(`#${id}`)));
const tapOn = (selector: string): Step => ({ phone }) =>
  phone.page.locator(selector).first().click();
const press = (key: string): Step => ({ phone }) => phone.page.keyboard.press(key);
const type = (text: string): Step => ({ phone }) => phone.page.fill("#chat-text", text);
/** Makes the puppet call do something. */
const pull = <Name extends keyof Puppet>(
  name: Name,
  ...values: Parameters<Puppet[Name]>
): Step =>
(scene) => scene.pull(name, ...values);
const inCall = (people: number, ...then: readonly Step[]): Step =>
  steps(enterCall, (scene) => scene.company(people), pull("speak", doctor), ...then);
const stopped = (status: string, name: string) => inCall(1, pull("stop", status), phase(name));

const talk = steps(
  pull("say", PROVIDER.id, { id: "1", text: "Good morning! How are you today?" }),
  tap("chat-open"),
  type("Better, thank you. The cough is almost gone."),
  press("Enter"),
  async (scene) => {
    const id = await scene.phone.page.evaluate(() => Reflect.get(globalThis, "puppet").lastId());
    await scene.pull("say", PROVIDER.id, { ack: id });
  },
  pull("say", PROVIDER.id, {
    id: "2",
    text: "Please finish the tablets: one at 8:00, one at 20:00.",
  }),
);
/** The doctor's page reports its network, and a second passes. */
const report = (data: unknown) =>
  steps(pull("say", PROVIDER.id, data, "network"), pull("pass", 1, 400, 900));
/** Nothing comes from the doctor any more, who should have sent something after two seconds. */
const silence = steps(
  pull("say", PROVIDER.id, { rung: 3, poor: false, next: 2 }, "network"),
  pull("pass", 6, 400, 9_000),
);
/** Imitates a browser that plays only after a tap. */
const refusePlay: Step = ({ phone }) =>
  phone.page.evaluate(() => {
    const audio = document.querySelector("audio") as HTMLAudioElement;
    audio.srcObject = new MediaStream();
    audio.play = () => Promise.reject(new DOMException("", "NotAllowedError"));
    Reflect.get(globalThis, "chimePage").send({ command: "foreground" });
  });
const leaving = steps(enterCall, pull("enter", patient, PATIENT.id, 30), tap("leave"));

const group = { group: true };
const hosted = { hosted: true };
const asProvider = { data: { self: PROVIDER } };
const lobby = { data: { lobby: true } };
const waiting = { state: "waiting", join: null } as const;
/** Six minutes before the visit, so that the times on a screen agree. */
const early: Pick<Screen["options"], "before"> = {
  before: (page) => page.clock.setFixedTime("2026-11-23T13:24:00Z"),
};
const refused = { trouble: "NotAllowedError" };
/** The browser's prompt is never answered. */
const asking: Screen["options"] = {
  before: (page) =>
    page.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = () => new Promise(() => {});
    }),
};

const screen = (name: string, act: Step, options: Screen["options"] = {}): Screen => ({
  name,
  act,
  options,
});

/** Every screen of the visit page, in the order in which a person sees them. */
export const SCREENS: readonly Screen[] = [
  screen("loading", phase("loading"), { sdk: "slow" }),
  screen("not-loaded", phase("failed"), { sdk: "missing" }),
  screen("lobby", phase("lobby"), lobby),
  screen("lobby-refused", shown("#lobby-help"), { ...lobby, ...refused }),
  screen("lobby-asking", shown("#lobby-help"), { ...lobby, ...asking }),
  screen(
    "lobby-provider",
    steps(
      ({ visit }) => Promise.resolve(visit.present = [PATIENT.id]),
      shown("#who-waits"),
      tap("try-mic", "try-camera"),
    ),
    { data: { self: PROVIDER, lobby: true } },
  ),
  screen("expected", shown("#lobby"), { data: { ...waiting, lobby: true } }),
  screen("ready", steps(shown("#lobby"), tap("join")), {
    ...early,
    data: { ...waiting, lobby: true },
  }),
  screen("lobby-more", steps(shown("#more"), tap("more")), lobby),
  screen("waiting", phase("waiting"), { ...early, data: waiting }),
  screen(
    "connecting",
    steps(
      ({ phone }) => untilInPage(phone.page, () => "puppet" in globalThis),
      pull("stall"),
      tap("join"),
      phase("connecting"),
    ),
    lobby,
  ),
  screen("connecting-asking", shown("#card-help"), asking),
  screen("alone", enterCall),
  screen("call", inCall(1)),
  screen("muted", inCall(1, tap("mic", "camera"), pull("mute", doctor, true))),
  screen("refused", inCall(1), refused),
  screen("tap-to-hear", inCall(1, refusePlay, shown("#hear"))),
  screen("poor", inCall(1, pull("pass", 6, 400, 9))),
  screen("poor-other", inCall(1, report({ rung: 1, poor: true, camera: true }))),
  screen(
    "video-paused",
    inCall(1, report({ rung: 0, poor: true, camera: true }), pull("dark", doctor)),
  ),
  screen(
    "offline",
    inCall(1, ({ phone }) => phone.context.setOffline(true), shown(".veil")),
  ),
  screen("reconnecting", inCall(1, pull("reconnect"))),
  screen("dropped", inCall(1, silence)),
  screen("dropped-in-group", inCall(6, silence), group),
  screen("other-left", inCall(1, pull("exit", doctor))),
  screen(
    "on-hold",
    inCall(1, ({ phone }) => phone.page.evaluate("puppetDevices.hold()"), phase("on-hold")),
  ),
  screen("three", inCall(3), group),
  screen("six", inCall(6), group),
  screen("sixteen", inCall(15), group),
  screen("speaker", inCall(15, tap("more", "large"), press("Escape")), group),
  screen("pinned", inCall(4, tapOn(".pin")), group),
  screen("shared-screen", inCall(4, pull("screen", doctor, PROVIDER.id)), group),
  screen("self-hidden", inCall(1, tap("self-hide"))),
  screen("sharing", inCall(1, pull("share"))),
  screen("chat-empty", inCall(1, tap("chat-open"))),
  screen(
    "captions",
    inCall(
      1,
      pull("caption", doctor, PROVIDER.id, "Good morning! How have you been sleeping?"),
      pull("caption", patient, PATIENT.id, "Better, but the cough is back."),
    ),
  ),
  screen("chat", inCall(1, talk)),
  screen(
    "chat-trouble",
    inCall(
      1,
      talk,
      type("Is it dangerous?"),
      press("Enter"),
      pull("throttle"),
      type("I have more questions. ".repeat(100)),
    ),
  ),
  screen("more", inCall(3, tap("more")), { ...group, ...hosted }),
  screen("leave", leaving, asProvider),
  screen("not-ended", steps(leaving, tap("leave-all"), shown("#leave-trouble")), asProvider),
  screen("left", inCall(1, tap("leave"), phase("left")), hosted),
  screen("what-was-wrong", inCall(1, tap("leave", "bad"), phase("left"))),
  screen("thanks", inCall(1, tap("leave", "good"), shown("#thanks")), hosted),
  screen("ended", stopped("MeetingEnded", "ended")),
  screen("ended-by-provider", stopped("MeetingEnded", "ended"), asProvider),
  screen("removed", stopped("AudioAttendeeRemoved", "ended")),
  screen("elsewhere", stopped("AudioJoinedFromAnotherDevice", "joined-elsewhere")),
  screen("full", stopped("AudioCallAtCapacity", "failed")),
  screen("failed", stopped("AudioDisconnected", "failed")),
];
