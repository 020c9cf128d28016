import assert from "node:assert/strict";
import { readProjectFile } from "../support/project.ts";
import { sources } from "../../tools/imports.ts";

/** The places where a file takes the path of a URL of the repository. */
function pathsOfUrls(text: string): string[] {
  const names = [...text.matchAll(/const (\w+) = new URL\([^;]*import\.meta\.url,?\s*\);/g)]
    .map((match) => match[1]);
  const taken = [
    /import\.meta\.url,?\s*\)\.pathname/,
    ...names.map((name) =>
      new RegExp(`new URL\\([^;]*?, ${name}\\)\\.pathname|\\b${name}\\.pathname`)
    ),
  ];
  return taken.flatMap((pattern) => pattern.exec(text)?.[0] ?? []);
}

Deno.test("no path comes from URL.pathname, because a folder may have a space in its name", async () => {
  const found: string[] = [];
  for await (const file of sources()) {
    if (file === "tests/architecture/machines_test.ts" || /\.generated\.ts$/.test(file)) continue;
    for (const place of pathsOfUrls(await readProjectFile(file))) found.push(`${file}: ${place}`);
  }
  assert.deepEqual(found, []);
  assert.equal(pathsOfUrls('new URL("../", import.meta.url).pathname').length, 1);
  const named = 'const here = new URL(".", import.meta.url);\n';
  assert.equal(pathsOfUrls(`${named}new URL("a.ts", here).pathname`).length, 1);
  assert.equal(pathsOfUrls(`${named}const there = here.pathname;`).length, 1);
});

// Deno fetches all packages of the lock file before it runs any task.
Deno.test("dev downloads no package that only tests or Supabase Lite's commands need", async () => {
  const { npm } = JSON.parse(await readProjectFile("deno.lock"));
  const { imports } = JSON.parse(await readProjectFile("tests/large/packages.json"));
  const { overrides } = JSON.parse(await readProjectFile("package.json"));
  const nameOf = (specifier: string) => specifier.replace(/^npm:/, "").replace(/(?<=.)@.*/, "");
  const large = Object.values(imports).map((one) => nameOf(String(one)));
  assert.ok(large.includes("@sparticuz/chromium"));
  const fetched = Object.keys(npm).map(nameOf);
  for (const name of [...large, ...Object.keys(overrides)]) {
    assert.ok(!fetched.includes(name), name);
  }
});

Deno.test("the packages that only tests need are pinned exactly", async () => {
  const { imports } = JSON.parse(await readProjectFile("tests/large/packages.json"));
  for (const target of Object.values(imports)) {
    assert.match(String(target), /@\d+\.\d+\.\d+(-[\w.]+)?(\/|$)/);
  }
});
