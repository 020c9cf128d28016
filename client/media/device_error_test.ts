import { equal } from "node:assert/strict";
import { troubleOf } from "./device_error.ts";

Deno.test("every device error has its reason", () => {
  const table: [name: string, trouble: string][] = [
    ["NotAllowedError", "refused"],
    ["PermissionDeniedError", "refused"],
    ["SecurityError", "refused"],
    ["TypeError", "refused"],
    ["NotFoundError", "missing"],
    ["OverconstrainedError", "missing"],
    ["NotReadableError", "busy"],
    ["AbortError", "busy"],
    ["InvalidStateError", "busy"],
  ];
  for (const [name, trouble] of table) {
    equal(troubleOf(Object.assign(new Error(), { name })), trouble, name);
    // As the SDK wraps it.
    for (const wrapper of [{}, new Error()]) {
      equal(troubleOf(Object.assign(wrapper, { cause: { name } })), trouble, `wrapped ${name}`);
    }
  }
});

Deno.test("a permission that the operating system denies is told from one that the person denied", () => {
  // As in Chromium's `media_stream_request_result` messages.
  for (
    const [message, trouble] of [
      ["Permission denied by system", "denied"],
      ["Permission denied", "refused"],
      ["Permission dismissed", "refused"],
    ] as const
  ) {
    const error = new DOMException(message, "NotAllowedError");
    equal(troubleOf(error), trouble, message);
    equal(troubleOf(new Error("", { cause: error })), trouble, message);
  }
});
