import { deepEqual } from "node:assert/strict";
import { helpFor, promptFor } from "./device_help.ts";

const STEPS = ["allowChrome"] as const;

Deno.test("both devices are named, with the steps for this platform and what is possible without", () => {
  deepEqual(helpFor({ microphone: "refused", camera: "refused" }, STEPS, false), {
    titles: ["devicesRefused"],
    lines: ["allowChrome", "joinToListen"],
  });
  deepEqual(helpFor({ microphone: "refused", camera: "missing" }, STEPS, true), {
    titles: ["microphoneRefused", "noCamera"],
    lines: ["allowChrome", "stillListening"],
  });
});

Deno.test("one device is named alone", () => {
  deepEqual(helpFor({ camera: "busy" }, STEPS, false), {
    titles: ["cameraBusy"],
    lines: ["busyHelp", "joinUnseen"],
  });
  deepEqual(helpFor({ microphone: "muted" }, STEPS, true), {
    titles: ["microphoneMuted"],
    lines: ["mutedHelp", "stillListening"],
  });
});

Deno.test("without trouble there is no help", () => {
  deepEqual(helpFor({}, STEPS, false), null);
});

Deno.test("the prompt is explained by what the other person will see and hear", () => {
  const asked = (...kinds: readonly ("microphone" | "camera")[]) => promptFor(kinds, "A");
  deepEqual(asked("microphone", "camera")?.titles, ["tapAllow"]);
  deepEqual(asked("microphone")?.titles, ["tapAllowMicrophone"]);
  deepEqual(asked("camera")?.titles, ["tapAllowCamera"]);
  deepEqual(promptFor([], "A"), null);
});
