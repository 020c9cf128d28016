/** The function's import map, which is all that a deployment from source knows about its packages. */
import assert from "node:assert/strict";
import { readGraph } from "../../tools/imports.ts";
import { readProjectFile } from "../support/project.ts";

const FUNCTION = "supabase/functions/chime-page/";
const { imports } = JSON.parse(await readProjectFile(`${FUNCTION}deno.json`)) as {
  readonly imports: Readonly<Record<string, string>>;
};
const { npm } = JSON.parse(await readProjectFile("deno.lock")) as {
  readonly npm: Readonly<Record<string, { readonly dependencies?: readonly string[] }>>;
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

/** They do not export their package.json, and the built function contains neither of them. */
const UNPINNED = ["@aws/lambda-invoke-store", "iceberg-js"];

Deno.test("packages that the function's packages depend on are pinned", () => {
  const direct = [...imported].filter((name) => !name.endsWith("/package.json"));
  const reached = new Set<string>();
  const visit = (key: string) => {
    if (reached.has(key)) return;
    reached.add(key);
    npm[key]?.dependencies?.forEach((dependency) => visit(keyOf(dependency)));
  };
  for (const name of direct) {
    const version = /@(\d+\.\d+\.\d+)/.exec(imports[name] ?? "")?.[1] ?? "";
    const packageName = /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? "";
    visit(Object.keys(npm).find((key) => isVersion(key, packageName, version)) ?? "");
  }
  const names = new Set([...reached].map((key) => key.slice(0, key.indexOf("@", 1))));
  assert.ok(names.size > 25);
  const unpinned = [...names].filter((name) =>
    // Packages of supabase-js and token-providers are exact dependencies.
    !name.startsWith("@supabase/") && name !== "@aws-sdk/token-providers" &&
    !Object.values(imports).some((target) => target.startsWith(`npm:${name}@`))
  );
  assert.deepEqual(unpinned.sort(), UNPINNED);
});

/** The key of a dependency in the lock file, which omits a version that is the only one. */
function keyOf(dependency: string): string {
  const key = dependency in npm
    ? dependency
    : Object.keys(npm).find((one) => one.startsWith(`${dependency}@`));
  assert.ok(key, dependency);
  return key;
}

/** Keys may end in `_` and the versions of peer dependencies. */
function isVersion(key: string, name: string, version: string): boolean {
  return key === `${name}@${version}` || key.startsWith(`${name}@${version}_`);
}
