import { deepEqual, equal } from "node:assert/strict";
import { createBridge } from "./commands.ts";
import type { PageEvents } from "./chime-page.d.ts";

/** A bridge whose handlers record their commands. */
function recordingBridge() {
  const done: string[] = [];
  const answers: PageEvents["answer"][] = [];
  const act = (name: string, answer?: boolean) => () => {
    done.push(name);
    return answer;
  };
  const bridge = createBridge({
    answer: (answer) => answers.push(answer),
    handlers: {
      "mute": act("mute"),
      "unmute": act("unmute"),
      "camera-on": act("camera-on"),
      "camera-off": act("camera-off"),
      "flip-camera": () => true,
      "leave": act("leave"),
      "back": () => false,
      "background": act("background"),
      "foreground": act("foreground"),
      "language": (tag) => done.push(`language ${tag}`) > 0 && tag === "ar",
    },
  });
  const send = bridge.send as (message: unknown) => boolean;
  return { send, done, answers };
}

Deno.test("known commands are executed, as objects and as JSON, and return whether they were handled", () => {
  const { send, done } = recordingBridge();
  equal(send({ command: "mute" }), true);
  equal(send('{"command":"unmute"}'), true);
  equal(send({ command: "back" }), false);
  equal(send({ command: "language", language: "ar" }), true);
  equal(send({ command: "language", language: "de" }), false);
  deepEqual(done, ["mute", "unmute", "language ar", "language de"]);
});

Deno.test("anything else is ignored", () => {
  const { send, done, answers } = recordingBridge();
  const strange: unknown[] = [
    null,
    undefined,
    7,
    "mute",
    "{",
    "[]",
    [],
    {},
    { command: 1 },
    { command: "toString" },
    { command: "__proto__" },
    { command: "language" },
    { command: "language", language: { toString: () => "ar" } },
    `{"command":"mute","x":"${"x".repeat(600)}"}`,
  ];
  for (const message of strange) equal(send(message), false, JSON.stringify(message));
  deepEqual([done, answers], [[], []]);
});

Deno.test("a command with an id is answered by an event, for hosts that cannot read a result", () => {
  const { send, answers } = recordingBridge();
  send({ command: "back", id: 7 });
  send({ command: "mute", id: "a" });
  send({ command: "nonsense", id: "b" });
  send({ command: "mute", id: "x".repeat(65) });
  deepEqual(answers, [
    { id: 7, command: "back", handled: false },
    { id: "a", command: "mute", handled: true },
    { id: "b", command: "nonsense", handled: false },
  ]);
});
