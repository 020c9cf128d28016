import assert from "node:assert/strict";
import { readGraph } from "../../tools/imports.ts";
import { readProjectFile } from "../support/project.ts";

const graph = await readGraph();

const isTest = (file: string) =>
  /_test\.tsx?$/.test(file) || file.startsWith("tests/") || file.includes("/testing/");
const deployed = graph.filter(({ file }) => file.startsWith("supabase/") && !isTest(file));

const PAGES = ["contract", "i18n", "page"].map((name) => `supabase/functions/chime-page/${name}/`);

/** Every import from files that `from` accepts to paths that `to` accepts. */
function importsBetween(from: (file: string) => boolean, to: (path: string) => boolean): string[] {
  return graph.filter(({ file }) => from(file) && !isTest(file)).flatMap(({ file, local }) =>
    local.filter(({ path }) => to(path)).map(({ path }) => `${file} -> ${path}`)
  );
}

Deno.test("the graph of imports is read", () => {
  assert.ok(deployed.length > 25);
  const index = graph.find(({ file }) => file.endsWith("chime-page/index.ts"));
  assert.ok(index?.local.some(({ path }) => path.endsWith("chime-page/app.ts")));
});

Deno.test("supabase/ and its tests import nothing from outside it", () => {
  const outward = graph.filter(({ file }) => file.startsWith("supabase/"))
    .flatMap(({ file, local }) =>
      local.filter(({ path }) => !path.startsWith("supabase/"))
        .map(({ path }) => `${file} -> ${path}`)
    );
  assert.deepEqual(outward, []);
});

Deno.test("_shared imports only itself", () => {
  assert.deepEqual(
    importsBetween((file) => file.includes("/_shared/"), (path) => !path.includes("/_shared/")),
    [],
  );
});

Deno.test("the join policy imports only types", () => {
  const file = graph.find((one) => one.file.endsWith("/chime-page/visits/join_policy.ts"));
  assert.ok(file);
  assert.deepEqual(file.packages, []);
  assert.ok(file.local.every(({ typesOnly }) => typesOnly));
});

Deno.test("pages and texts import neither the database nor Chime nor the settings", () => {
  const inward = importsBetween(
    (file) => PAGES.some((folder) => file.startsWith(folder)),
    (path) =>
      !PAGES.some((folder) => path.startsWith(folder)) &&
      !["_shared/chime_types.ts", "_shared/problem.ts"].some((end) => path.endsWith(end)),
  );
  assert.deepEqual(inward, []);
});

Deno.test("only index.ts reads the environment, the clock and randomness", async () => {
  for (const { file } of deployed) {
    if (file.endsWith("/index.ts") || file.includes("generated")) continue;
    const text = (await readProjectFile(file))
      .replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    const reads = /Deno\.env|Date\.now\(|new Date\(\)|Math\.random|crypto\.randomUUID/.exec(text);
    assert.equal(reads, null, `${file}: ${reads?.[0]}`);
  }
});

Deno.test("the client imports only the contract from the function", () => {
  const contract = "supabase/functions/chime-page/contract/";
  const taken = importsBetween(
    (file) => file.startsWith("client/"),
    (path) => !path.startsWith("client/") && !path.startsWith(contract),
  );
  assert.deepEqual(taken, []);
});

Deno.test("the contract imports only itself, and types of Chime", () => {
  const contract = graph.filter(({ file }) => file.includes("/chime-page/contract/"));
  assert.ok(contract.length > 4);
  for (const { file, local, packages } of contract) {
    assert.deepEqual(packages, [], file);
    for (const { path, typesOnly } of local) {
      const allowed = path.includes("/chime-page/contract/") ||
        (typesOnly && path.endsWith("/_shared/chime_types.ts"));
      assert.ok(allowed, `${file} -> ${path}`);
    }
  }
});

/** From the top down: a folder may import only from those after it. */
const CLIENT_FOLDERS = ["entries", "ui", "visit", "call", "network", "media", "i18n", "bridge"];

Deno.test("the client's folders import only downwards, types included", () => {
  const rank = (path: string) => CLIENT_FOLDERS.indexOf(path.split("/")[1] ?? "");
  const client = graph.filter(({ file }) => file.startsWith("client/") && !isTest(file));
  assert.ok(client.length > 40);
  for (const { file, local } of client) {
    assert.ok(rank(file) >= 0, `${file} is in none of ${CLIENT_FOLDERS}`);
    for (const { path } of local.filter((one) => one.path.startsWith("client/"))) {
      const inside = file.split("/")[1] === path.split("/")[1];
      assert.ok(inside || rank(file) < rank(path), `${file} -> ${path}`);
    }
  }
});

Deno.test("no client source uses Deno, unlike the tests beside it", async () => {
  for (const { file } of graph.filter(({ file }) => file.startsWith("client/") && !isTest(file))) {
    const text = await readProjectFile(file);
    assert.doesNotMatch(text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ""), /\bDeno\b/, file);
  }
});

Deno.test("sdk/ imports neither the function nor the client", () => {
  assert.deepEqual(
    importsBetween((file) => file.startsWith("sdk/"), (path) => !path.startsWith("sdk/")),
    [],
  );
});

Deno.test("the Chime stand-in is a package: it imports only itself, its own packages and Node", async () => {
  const { imports } = JSON.parse(await readProjectFile("dev/chime/deno.json"));
  for (
    const { file, local, packages } of graph.filter(({ file }) => file.startsWith("dev/chime/"))
  ) {
    for (const { path } of local) assert.ok(path.startsWith("dev/chime/"), `${file} -> ${path}`);
    for (const { name } of packages) {
      const isKnown = Object.keys(imports).some((one) =>
        name === one || name.startsWith(`${one}/`)
      );
      assert.ok(name.startsWith("node:") || isKnown, `${file} -> ${name}`);
    }
  }
});

Deno.test("only tools and benchmarks import from tests, and only they, dev and tests import from dev", () => {
  assert.deepEqual(
    importsBetween(
      (file) => !/^(tools|benchmarks)\//.test(file),
      (path) => path.startsWith("tests/"),
    ),
    [],
  );
  const users = importsBetween(
    (file) => !/^(dev|tools|benchmarks)\//.test(file),
    (path) => path.startsWith("dev/"),
  );
  assert.deepEqual(users, []);
});

Deno.test("there are no import cycles, not even of types", () => {
  const edges = new Map(
    graph.map(({ file, local }) => [file, local]),
  );
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]) => {
    if (path.includes(file)) assert.fail([...path.slice(path.indexOf(file)), file].join(" -> "));
    if (done.has(file)) return;
    for (const next of edges.get(file) ?? []) visit(next.path, [...path, file]);
    done.add(file);
  };
  for (const file of edges.keys()) visit(file, []);
});

Deno.test("every package of the workspace pins the root's versions, and all pins are exact", async () => {
  const read = async (path: string) =>
    JSON.parse(await readProjectFile(path)).imports as Record<string, string>;
  const all = await read("deno.json");
  for (const member of ["client", "dev/chime", "supabase/functions/chime-page"]) {
    for (const [name, target] of Object.entries(await read(`${member}/deno.json`))) {
      const packageName = /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? "";
      const pinned = all[name] ?? all[packageName];
      // Of the other packages, tests/architecture/packages_test.ts compares the version.
      if (pinned === undefined) assert.match(name, /\/package\.json$/);
      else assert.ok(target === pinned || target.startsWith(`${pinned}/`), `${member}: ${name}`);
    }
  }
  for (const target of Object.values(all)) assert.match(target, /@\d+\.\d+\.\d+(-[\w.]+)?(\/|$)/);
});
