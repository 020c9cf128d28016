import { equal } from "node:assert/strict";
import { keyOf, type Press } from "./keys.ts";

const press = (key: string, changes: Partial<Press> = {}): Press => ({
  key,
  code: `Key${key.toUpperCase()}`,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  repeat: false,
  isComposing: false,
  ...changes,
});

Deno.test("M and V control the microphone and the camera, but are text in a field", () => {
  equal(keyOf(press("m"), false), "m");
  equal(keyOf(press("V"), false), "v");
  equal(keyOf(press("m"), true), null);
  equal(keyOf(press("d"), false), null);
  equal(keyOf(press("ArrowUp", { code: "ArrowUp" }), false), null);
});

Deno.test("Ctrl or Command with D and E work everywhere, as in Google Meet", () => {
  for (const typing of [true, false]) {
    equal(keyOf(press("d", { ctrlKey: true }), typing), "m");
    equal(keyOf(press("e", { metaKey: true }), typing, true), "v");
  }
  // On Macs, Ctrl with a letter edits text.
  equal(keyOf(press("d", { ctrlKey: true }), true, true), null);
  equal(keyOf(press("d", { metaKey: true }), false), null);
  equal(keyOf(press("m", { ctrlKey: true }), false), null);
});

Deno.test("other modifiers, repeated keys and input methods are left alone", () => {
  equal(keyOf(press("m", { altKey: true }), false), null);
  equal(keyOf(press("m", { shiftKey: true }), false), null);
  equal(keyOf(press("m", { repeat: true }), false), null);
  equal(keyOf(press("m", { isComposing: true }), false), null);
  equal(keyOf(press("d", { ctrlKey: true, shiftKey: true }), false), null);
});

Deno.test("the letter counts on Latin keyboards, the position on others", () => {
  // AZERTY has M where QWERTY has the semicolon.
  equal(keyOf(press("m", { code: "Semicolon" }), false), "m");
  equal(keyOf(press(",", { code: "KeyM" }), false), null);
  equal(keyOf(press("ة", { code: "KeyM" }), false), "m");
});
