import { deepEqual } from "node:assert/strict";
import { helpFor, permissionSteps, promptFor } from "./device_help.ts";

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

Deno.test("what the phone or computer itself denies is allowed in its settings", () => {
  deepEqual(helpFor({ microphone: "denied", camera: "denied" }, STEPS, false), {
    titles: ["devicesRefused"],
    lines: ["allowSystem", "joinToListen"],
  });
  deepEqual(helpFor({ microphone: "refused", camera: "denied" }, STEPS, true), {
    titles: ["devicesRefused"],
    lines: ["allowChrome", "allowSystem", "stillListening"],
  });
});

Deno.test("in a frame, its site is asked as far as the browser tells", () => {
  const framed = (allows?: boolean) =>
    permissionSteps(
      {
        featurePolicy: allows === undefined ? undefined : { allowsFeature: () => allows },
      } as unknown as Document,
      false,
    );
  deepEqual(framed(false), ["allowFrame"]);
  deepEqual(framed(true), ["allowChrome"]);
  // It may be the site or the person.
  deepEqual(framed(), ["allowChrome", "allowFrame"]);
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
  // Nobody else is invited.
  deepEqual(promptFor(["microphone"], "")?.titles, ["microphoneWaiting"]);
});
