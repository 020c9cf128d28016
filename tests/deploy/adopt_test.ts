import assert from "node:assert/strict";
import { adopt, MANIFEST } from "../../ops/adopt/adopt.ts";
import { readRelease, type Release } from "../../ops/adopt/release.ts";
import { pathOf } from "../support/project.ts";

const FUNCTION = "supabase/functions/chime-page";
const SECTION = `[functions.chime-page]
# Why.
verify_jwt = false
entrypoint = "./functions/chime-page/index.js"`;

function releaseOf(files: Readonly<Record<string, string>>, section = SECTION): Release {
  return { version: "1.0.0", files: new Map(Object.entries(files)), section };
}
const first = releaseOf({
  [`${FUNCTION}/index.js`]: "one",
  [`${FUNCTION}/old.txt`]: "old",
  "supabase/migrations/20261122090000_a.sql": "select 1;",
});
const second = releaseOf({
  [`${FUNCTION}/index.js`]: "two",
  "supabase/migrations/20261122090000_a.sql": "select 1;",
  "supabase/migrations/20261201000000_b.sql": "select 2;",
}, `${SECTION}\nimport_map = "./functions/chime-page/deno.json"`);

/** A project of somebody else, with files of its own. */
async function makeProject(files: Readonly<Record<string, string>> = {}) {
  const folder = await Deno.makeTempDir({ prefix: "their project " });
  await Deno.mkdir(`${folder}/${FUNCTION}`, { recursive: true });
  await Deno.mkdir(`${folder}/supabase/migrations`, { recursive: true });
  await Deno.writeTextFile(`${folder}/supabase/config.toml`, `project_id = "theirs"\n`);
  for (const [path, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${folder}/${path}`, text);
  }
  const read = (path: string) => Deno.readTextFile(`${folder}/${path}`).catch(() => undefined);
  return {
    folder,
    read,
    write: (path: string, text: string) => Deno.writeTextFile(`${folder}/${path}`, text),
    run: async (release: Release, options: readonly string[] = ["--yes"], answer = false) => {
      const lines: string[] = [];
      const code = await adopt([folder, ...options], {
        print: (line) => void lines.push(line),
        confirm: () => answer,
        release: () => Promise.resolve(release),
      });
      return { code, text: lines.join("\n") };
    },
    /** Every file with its text. */
    async snapshot(): Promise<Record<string, string>> {
      const all: Record<string, string> = {};
      const walk = async (path: string): Promise<void> => {
        for await (const { name, isDirectory } of Deno.readDir(`${folder}/${path}`)) {
          if (isDirectory) await walk(`${path}${name}/`);
          else all[`${path}${name}`] = await Deno.readTextFile(`${folder}/${path}${name}`);
        }
      };
      await walk("");
      return all;
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

Deno.test("adopt adds its files and its section, and leaves the rest of the project alone", async () => {
  await using project = await makeProject({
    "supabase/migrations/20250101000000_theirs.sql": "select 3;",
    [`supabase/seed.sql`]: "-- theirs",
  });
  const { code, text } = await project.run(first);
  assert.equal(code, 0, text);
  assert.match(text, /^ {2}add {5}supabase\/functions\/chime-page\/index\.js$/m);
  assert.match(text, /^ {12}verify_jwt = false$/m);
  assert.doesNotMatch(text, /--include-all/);
  assert.match(text, /do NOT run the `migration repair`/);
  const files = await project.snapshot();
  assert.deepEqual(Object.keys(files).sort(), [
    "supabase/config.toml",
    MANIFEST,
    `${FUNCTION}/index.js`,
    `${FUNCTION}/old.txt`,
    "supabase/migrations/20250101000000_theirs.sql",
    "supabase/migrations/20261122090000_a.sql",
    "supabase/seed.sql",
  ]);
  assert.equal(files["supabase/config.toml"], `project_id = "theirs"\n\n${SECTION}\n`);
  assert.equal(files["supabase/seed.sql"], "-- theirs");
  const again = await project.run(first);
  assert.equal(again.code, 0);
  assert.match(again.text, /^ {2}4 files are up to date$/m);
  assert.deepEqual(await project.snapshot(), files);
});

Deno.test("nothing is written with --dry-run, or without a yes", async () => {
  await using project = await makeProject();
  const before = await project.snapshot();
  const dry = await project.run(first, ["--dry-run"], true);
  assert.equal(dry.code, 0);
  assert.match(dry.text, /add +supabase\/functions/);
  assert.equal((await project.run(first, [], false)).code, 1);
  assert.deepEqual(await project.snapshot(), before);
  assert.equal((await project.run(first, [], true)).code, 0);
  assert.equal(await project.read(`${FUNCTION}/index.js`), "one");
});

Deno.test("a newer version upgrades its files and its section, and removes what it no longer has", async () => {
  await using project = await makeProject();
  await project.run(first);
  await project.write(
    "supabase/config.toml",
    `${await project.read(
      "supabase/config.toml",
    )}\n# Theirs.\n[functions.other]\nverify_jwt = true\n`,
  );
  const { code, text } = await project.run(second);
  assert.equal(code, 0, text);
  assert.match(text, /^ {2}update {2}supabase\/functions\/chime-page\/index\.js$/m);
  assert.match(text, /^ {2}remove {2}supabase\/functions\/chime-page\/old\.txt$/m);
  assert.equal(await project.read(`${FUNCTION}/index.js`), "two");
  assert.equal(await project.read(`${FUNCTION}/old.txt`), undefined);
  assert.equal(
    await project.read("supabase/config.toml"),
    `project_id = "theirs"\n\n${second.section}\n\n# Theirs.\n[functions.other]\nverify_jwt = true\n`,
  );
});

Deno.test("a file of ours that they changed is reported and kept, and the rest is upgraded", async () => {
  await using project = await makeProject();
  await project.run(first);
  await project.write(`${FUNCTION}/index.js`, "mine");
  await project.write(`${FUNCTION}/old.txt`, "mine too");
  for (const _ of [1, 2]) {
    const { code, text } = await project.run(second);
    assert.equal(code, 1);
    assert.match(text, /^ {2}KEPT {4}supabase\/functions\/chime-page\/index\.js: you changed it/m);
    assert.equal(await project.read(`${FUNCTION}/index.js`), "mine");
    assert.equal(await project.read(`${FUNCTION}/old.txt`), "mine too");
    assert.equal(await project.read("supabase/migrations/20261201000000_b.sql"), "select 2;");
  }
});

Deno.test("other line ends are no change", async () => {
  await using project = await makeProject();
  const lines = releaseOf({ [`${FUNCTION}/index.js`]: "a\nb\n" });
  await project.run(lines);
  await project.write(`${FUNCTION}/index.js`, "a\r\nb\r\n");
  assert.match((await project.run(lines)).text, /2 files are up to date/);
});

Deno.test("a migration is never removed, because the CLI would refuse every push without it", async () => {
  await using project = await makeProject();
  await project.run(first);
  assert.equal((await project.run(releaseOf({ [`${FUNCTION}/index.js`]: "two" }))).code, 0);
  assert.equal(await project.read("supabase/migrations/20261122090000_a.sql"), "select 1;");
});

for (
  const [what, path] of [
    ["a file", `${FUNCTION}/index.js`],
    ["a migration of one version", "supabase/migrations/20261122090000_theirs.sql"],
  ] as const
) {
  Deno.test(`${what} of theirs in our place stops everything`, async () => {
    await using project = await makeProject({ [path]: "theirs" });
    const before = await project.snapshot();
    const { code, text } = await project.run(first);
    assert.equal(code, 1);
    assert.match(text, /^ {2}BLOCKED supabase\//m);
    assert.match(text, /Nothing was written/);
    assert.deepEqual(await project.snapshot(), before);
  });
}

Deno.test("a migration of theirs that is dated later makes the push need --include-all", async () => {
  await using project = await makeProject({
    "supabase/migrations/20300101000000_theirs.sql": "select 3;",
  });
  const { text } = await project.run(first);
  assert.match(text, /db push --remote --include-all$/m);
  assert.match(text, /Your migration 20300101000000_theirs\.sql is dated after some of ours/);
});

const sections: readonly [what: string, section: string, kept: boolean][] = [
  [
    "with more settings than ours",
    `[functions.chime-page]\nenabled = true\nentrypoint='./functions/chime-page/index.js' # ours\nverify_jwt=false`,
    false,
  ],
  [
    "in quotes",
    `[functions."chime-page"]\nverify_jwt = false\nentrypoint = "./functions/chime-page/index.js"`,
    false,
  ],
  [
    "that checks tokens",
    `[functions.chime-page]\nverify_jwt = true\nentrypoint = "./functions/chime-page/index.js"`,
    true,
  ],
  ["as an inline table", `[functions]\nchime-page = { verify_jwt = true }`, true],
];
for (const [what, section, kept] of sections) {
  Deno.test(`a section of theirs ${what} is ${kept ? "reported" : "accepted"} and stays as it is`, async () => {
    const config = `project_id = "theirs"\n${section}\n`;
    await using project = await makeProject({ "supabase/config.toml": config });
    const { code, text } = await project.run(first);
    assert.equal(code, kept ? 1 : 0, text);
    assert.equal(/KEPT +supabase\/config\.toml: .*verify_jwt = false/.test(text), kept, text);
    assert.equal(await project.read("supabase/config.toml"), config);
  });
}

Deno.test("adopt refuses what is no project, itself, an exposed schema and a broken manifest", async () => {
  await using project = await makeProject();
  const run = async (args: readonly string[]) =>
    await adopt(args, {
      print: () => {},
      confirm: () => true,
      release: () => Promise.resolve(first),
    });
  assert.equal(await run([]), 2);
  assert.equal(await run([`${project.folder}/supabase`, "--yes"]), 1);
  assert.equal(await run([pathOf(""), "--yes"]), 2);
  await project.write("supabase/config.toml", `[api]\nschemas = ["public", "chime_page"]\n`);
  assert.match((await project.run(first)).text, /exposes the schema/);
  await project.write("supabase/config.toml", "");
  await project.write(MANIFEST, `{"files": {"../../home": "00"}, "section": ""}`);
  assert.match((await project.run(first)).text, /Cannot read supabase\/functions/);
});

Deno.test("a release has the built function, the migrations and the hosted example, and no demo people", async () => {
  const { files, section } = await readRelease();
  const names = [...files.keys()];
  assert.deepEqual(names.filter((name) => !name.startsWith("supabase/migrations/")).sort(), [
    `${FUNCTION}/.env.example`,
    `${FUNCTION}/.gitignore`,
    `${FUNCTION}/LICENSES.txt`,
    `${FUNCTION}/deno.json`,
    `${FUNCTION}/index.js`,
  ]);
  const migrations = await Array.fromAsync(
    Deno.readDir(pathOf("supabase/migrations")),
    ({ name }) => `supabase/migrations/${name}`,
  );
  assert.deepEqual(
    names.filter((name) => name.startsWith("supabase/migrations/")),
    migrations.sort(),
  );
  for (const [path, text] of files) {
    assert.doesNotMatch(text, /chime-page-demo|b0000000-0000-4000-8000|helene\.mbarga/, path);
  }
  assert.match(section, /^verify_jwt = false$/m);
  assert.match(section, /^entrypoint = "\.\/functions\/chime-page\/index\.js"$/m);
});
