/** The function's import map, which is all that a deployment from source knows about its packages. */
import assert from "node:assert/strict";
import { readGraph } from "../../tools/imports.ts";
import { readProjectFile } from "../support/project.ts";

const FUNCTION = "supabase/functions/chime-page/";
const { imports } = JSON.parse(await readProjectFile(`${FUNCTION}deno.json`)) as {
  readonly imports: Readonly<Record<string, string>>;
};
const { npm } = JSON.parse(await readProjectFile("deno.lock")) as {
  readonly npm: Readonly<Record<string, unknown>>;
};
const graph = (await readGraph()).filter(({ file }) => file.startsWith("supabase/"));
const imported = new Set(
  graph.flatMap(({ packages }) => packages.map(({ name }) => name))
    .filter((name) => !name.startsWith("node:")),
);
if (graph.some(({ file }) => file.endsWith(".tsx"))) imported.add("hono/jsx/jsx-runtime");

Deno.test("every package that supabase/ imports has an exact entry in the function's import map", () => {
  assert.ok(imported.size > 15);
  assert.deepEqual([...imported].filter((name) => !(name in imports)), []);
  assert.deepEqual(Object.keys(imports).filter((name) => !imported.has(name)), []);
});

Deno.test("each entry is an exact version of deno.lock, with the path of its name", () => {
  for (const [name, target] of Object.entries(imports)) {
    const match = /^npm:((?:@[^/]+\/)?[^/@]+)@(\d+\.\d+\.\d+)(\/.+)?$/.exec(target);
    assert.ok(match, target);
    const [, packageName = "", version = "", path = ""] = match;
    assert.equal(packageName + path, name);
    assert.ok(Object.keys(npm).some((key) => isVersion(key, packageName, version)), target);
  }
});

Deno.test("packages of the AWS client that were resolved differently before are pinned", () => {
  for (const name of ["@aws-sdk/core", "@smithy/core", "bowser"]) {
    assert.ok(`${name}/package.json` in imports, name);
  }
});

/** Keys may end in `_` and the versions of peer dependencies. */
function isVersion(key: string, name: string, version: string): boolean {
  return key === `${name}@${version}` || key.startsWith(`${name}@${version}_`);
}
