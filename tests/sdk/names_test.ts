import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as whole from "amazon-chime-sdk-js";

const root = new URL("../../", import.meta.url);
const sources = globSync("client/**/*.ts", { cwd: fileURLToPath(root) })
  .filter((file) => !file.endsWith("_test.ts"));
const entry = readFileSync(new URL("sdk/entry.ts", root), "utf8");
const names: readonly string[] =
  /export \{([\s\S]*?)\} from "amazon-chime-sdk-js";/.exec(entry)?.[1]
    ?.match(/\w+/g) ?? [];

/** Code without comments and strings. */
function code(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$|"(?:[^"\\]|\\.)*"/gm, "");
}

/** The names of the SDK that the client uses at run time. */
function used(): string[] {
  return sources.flatMap((file) => {
    const text = code(readFileSync(new URL(file, root), "utf8"));
    return [...text.matchAll(/\b(?:sdk|ChimeSDK)\s*!?\??\.\s*([A-Z]\w*)/g)]
      .map((match) => match[1] ?? "");
  });
}

Deno.test("the SDK file exports every name that the client uses", () => {
  const found = used();
  assert.ok(found.includes("DefaultMeetingSession"), "the client's sources are found");
  assert.deepEqual(found.filter((name) => !names.includes(name)), []);
});

Deno.test("the client imports only types from the SDK", () => {
  for (const file of sources) {
    const text = readFileSync(new URL(file, root), "utf8");
    const imports = text.match(/^import [^;]*?from "amazon-chime-sdk-js";/gm) ?? [];
    assert.deepEqual(imports.filter((one) => !one.startsWith("import type")), [], file);
  }
});

Deno.test("every name of the entry is a name of the SDK", () => {
  assert.ok(names.length > 20);
  assert.deepEqual(names.filter((name) => !(name in whole)), []);
});
