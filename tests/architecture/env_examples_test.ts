import assert from "node:assert/strict";
import { readSettings } from "../../supabase/functions/chime-page/config/settings.ts";
import { good } from "../../supabase/functions/chime-page/testing/settings.ts";
import { readProjectFile } from "../support/project.ts";

const names = [
  ...(await readProjectFile("supabase/functions/chime-page/config/settings.ts"))
    .matchAll(/^ {2}((?:CHIME|AWS)_[A-Z_]+):/gm),
].map((match) => match[1]);
const KEYS = { AWS_ACCESS_KEY_ID: "AKIA0000000000000000", AWS_SECRET_ACCESS_KEY: "filled-in" };
const [HOSTED, LOCAL] = [
  "supabase/functions/.env.example",
  "supabase/functions/.env.local.example",
];
const hosted = Object.fromEntries(
  Object.entries(good).filter(([name]) => name.startsWith("SUPABASE_")),
);

/** The lines `NAME=value` of a file, also those in comments. */
async function linesOf(path: string) {
  return [...(await readProjectFile(path)).matchAll(/^(#?)([A-Z_]+)=(.*)$/gm)]
    .map(([, comment, name = "", value = ""]) => ({ name, value, isSet: comment === "" }));
}

/** What `supabase functions serve` sets. */
const local = { ...hosted, SUPABASE_URL: "http://kong:8000" };

for (const [path, project] of [[HOSTED, hosted], [LOCAL, local]] as const) {
  Deno.test(`${path} works once the two keys are filled in, with every optional line too`, async () => {
    const lines = await linesOf(path);
    for (const { name } of lines) assert.ok(names.includes(name), name);
    assert.equal(new Set(lines.map(({ name }) => name)).size, lines.length);
    const filled = (used: typeof lines) =>
      Object.fromEntries(used.map(({ name, value }) => [name, value]));
    const empty = lines.filter(({ value, isSet }) => isSet && value === "").map(({ name }) => name);
    assert.deepEqual(empty, Object.keys(KEYS));
    for (
      const used of [
        lines.filter(({ isSet }) => isSet),
        lines.filter(({ value }) => value !== ""),
      ]
    ) {
      const settings = readSettings({ ...project, ...filled(used), ...KEYS });
      assert.ok(settings.ok, JSON.stringify(settings));
    }
  });
}

Deno.test("a hosted project takes the example for it, and refuses the one for this machine", async () => {
  const read = async (path: string) =>
    readSettings({
      ...hosted,
      ...Object.fromEntries(
        (await linesOf(path)).filter(({ isSet }) => isSet).map(({ name, value }) => [name, value]),
      ),
      ...KEYS,
    });
  assert.equal((await read(HOSTED)).ok, true);
  assert.equal((await read(LOCAL)).ok, false);
});
