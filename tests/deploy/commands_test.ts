/** Every `supabase …` command of the documents, the examples and the tasks, as the CLI itself knows it. */
import assert from "node:assert/strict";
import { SUPABASE_CLI } from "../../ops/supabase_cli.ts";
import { pathOf, readProjectFile } from "../support/project.ts";
import { looseTest } from "../support/sanitizers.ts";
import { startCli } from "../support/supabase_cli.ts";

const cli = await startCli();
Deno.test.afterAll(() => cli.stop());

interface Command {
  readonly place: string;
  /** Without comments, in one line. */
  readonly text: string;
}

const SKIPPED = ["node_modules", "tests", "client", "benchmarks"];

/** Files that tell people what to run. */
async function* sources(folder = ""): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(pathOf(folder || "./"))) {
    if (isDirectory) {
      if (!name.startsWith(".") && !SKIPPED.includes(name)) yield* sources(`${folder}${name}/`);
    } else if (/\.(md|toml|sql|example)$/.test(name)) yield folder + name;
    else if (folder.startsWith("ops/") && name.endsWith(".ts")) yield folder + name;
  }
}

/** Commands in code blocks, in inline code, in quotes and in parentheses. */
function commandsIn(place: string, source: string): readonly Command[] {
  const text = source.replaceAll(/ ?\\\n\s*/g, " ").replaceAll(/\n(?:--|#) /g, " ")
    .replaceAll("${cli}", "supabase").replaceAll("${all}", " --include-all");
  const start = String.raw`(?:npx (?:-y |--yes )?supabase(?:@[\d.]+)?|supabase)`;
  const found = [
    ...text.matchAll(new RegExp(`^[ \\t]+(${start} [a-z].*)$`, "gm")),
    ...text.matchAll(new RegExp("[`\"'(]\\s*(" + start + " [a-z][^`\"'()\\n]*)[`\"')]", "g")),
  ];
  return found.map(([, command = ""]) => ({
    place,
    text: command.replace(new RegExp(`^${start} `), "").replace(/\s+#.*$/, "").trim(),
  }));
}

const helps = new Map<string, Promise<string>>();
function helpOf(words: readonly string[]): Promise<string> {
  const key = words.join(" ");
  const known = helps.get(key) ?? cli.succeed(pathOf(""), [...words, "--help"]);
  helps.set(key, known);
  return known;
}

/** What is wrong with a command; undefined if nothing is. */
async function faultOf(text: string): Promise<string | undefined> {
  const tokens = text.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
  const words = tokens.slice(0, tokens.findIndex((one) => !/^[a-z][a-z-]*$/.test(one)) >>> 0);
  const help = await helpOf(words.slice(0, 2));
  const usage = /^USAGE\n {2}supabase((?: [a-z][a-z-]*)*)(.*)$/m.exec(help);
  const path = (usage?.[1] ?? "").trim().split(" ").filter((word) => word !== "");
  if (path.length === 0 || usage?.[2]?.includes("<subcommand>")) return "no such command";
  const flags = new Set(
    [...help.matchAll(/(?:^ {2}|, )(--?[a-z][a-z-]*)/gm)].map(([, flag]) => flag),
  );
  const rest = tokens.slice(path.length);
  const unknown = rest.filter((one) => one.startsWith("-") && !flags.has(one.replace(/=.*$/, "")));
  if (unknown.length > 0) return `no such flag: ${unknown.join(", ")}`;
  const takesArguments = /^ARGUMENTS$/m.test(help);
  const isArgument = (one: string, index: number) =>
    !one.startsWith("-") && !/^--(?!.*=)/.test(rest[index - 1] ?? "");
  return !takesArguments && rest.some(isArgument) ? "takes no arguments" : undefined;
}

looseTest("the check of commands finds unknown commands, flags and arguments", async () => {
  assert.equal(await faultOf("db push --remote --dry-run"), undefined);
  assert.equal(await faultOf("secrets set A=<b> --remote=<ref>"), undefined);
  assert.equal(await faultOf("db pushes"), "no such command");
  assert.equal(await faultOf("db"), "no such command");
  assert.equal(await faultOf("publish"), "no such command");
  assert.equal(await faultOf("db push --everything"), "no such flag: --everything");
  assert.equal(await faultOf("db push now"), "takes no arguments");
});

looseTest("every supabase command of the documents is one that the CLI knows", async () => {
  const commands: Command[] = [];
  for await (const path of sources()) {
    commands.push(...commandsIn(path, await readProjectFile(path)));
  }
  const texts = new Set(commands.map(({ text }) => text));
  for (const expected of ["db push --remote", "login", "functions deploy chime-page"]) {
    assert.ok(texts.has(expected), `${expected} is not among ${[...texts].join("; ")}`);
  }
  assert.ok(commands.some(({ place }) => place === "ops/adopt/next_steps.ts"));
  for (const { place, text } of commands) {
    assert.equal(await faultOf(text), undefined, `${place}: supabase ${text}`);
  }
});

Deno.test("every document uses the version of the CLI that the tests use", async () => {
  let count = 0;
  for await (const path of sources()) {
    for (const [name] of (await readProjectFile(path)).matchAll(/\bsupabase@\d[\d.]*\d/g)) {
      assert.equal(name, SUPABASE_CLI, path);
      count++;
    }
  }
  assert.ok(count > 5);
});
