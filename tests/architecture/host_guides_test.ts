import { deepEqual, match, ok } from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { faultyLines } from "../support/grammars.ts";
import { readProjectFile, ROOT } from "../support/project.ts";

interface Block {
  readonly language: string;
  readonly text: string;
  /** Line of its first line in the document, from 1. */
  readonly line: number;
}

/** Fenced code of a Markdown document. */
function blocks(markdown: string): Block[] {
  const found: Block[] = [];
  for (
    const { 1: language = "", 2: text = "", index } of markdown.matchAll(
      /^```(\w+)\n([\s\S]*?)^```$/gm,
    )
  ) {
    found.push({ language, text, line: markdown.slice(0, index).split("\n").length + 1 });
  }
  return found;
}

const guides = (await readdir(new URL("docs/hosts/", ROOT)))
  .filter((name) => name.endsWith(".md")).map((name) => `docs/hosts/${name}`);
for (const path of [...guides, "docs/bridge.md", "docs/integrating.md"]) {
  Deno.test(`the code of ${path} parses`, async () => {
    for (const { language, text, line } of blocks(await readProjectFile(path))) {
      // Run by tests/database/integrating_test.ts.
      if (language === "sql") continue;
      const faults = await faultyLines(language, text);
      ok(faults, `${path}:${line}: no parser for ${language}`);
      deepEqual(faults.map((fault) => `${path}:${line + fault - 1}`), []);
    }
  });
}

Deno.test("the code of a framing site compiles with the published types", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [code] = blocks(await readProjectFile("docs/hosts/iframe.md")).filter(({ language }) =>
      language === "ts"
    );
    const text = code?.text.replace('"./chime-page"', '"./chime-page.d.ts"') ?? "";
    ok(text.includes("./chime-page.d.ts"));
    await Deno.writeTextFile(`${folder}/visit.ts`, `/// <reference lib="dom" />\n${text}`);
    await Deno.copyFile(
      new URL("client/bridge/chime-page.d.ts", ROOT),
      `${folder}/chime-page.d.ts`,
    );
    const check = new Deno.Command(Deno.execPath(), { args: ["check", "visit.ts"], cwd: folder });
    const { success, stderr } = await check.output();
    ok(success, new TextDecoder().decode(stderr));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a syntax error in each language is found", async () => {
  const broken: Readonly<Record<string, string>> = {
    dart: "void main() { final = ; }",
    kotlin: "class A : { fun }",
    swift: "func x( {",
    tsx: "const a = <View;",
    ts: "const = 1;",
    js: "const = 1;",
    xml: "<a></b>",
    json: "{,}",
    yaml: "a: [1",
  };
  for (const [language, text] of Object.entries(broken)) {
    ok((await faultyLines(language, text))?.length, language);
  }
});

/** Names of an interface's or a union's members in the published types. */
function names(types: string, begin: RegExp, end: string): string[] {
  const from = types.search(begin);
  const part = types.slice(from, types.indexOf(end, from));
  return [...part.matchAll(/^ {2}(?:\| )?"?([a-z][a-z-]+)"?(?::|$)/gm)].map(([, name]) =>
    name ?? ""
  );
}

Deno.test("docs/bridge.md has a row for every event and every command", async () => {
  const types = await readProjectFile("client/bridge/chime-page.d.ts");
  const events = names(types, /interface PageEvents/, "\n}");
  const commands = [...names(types, /type PlainCommandName/, ";\n\n"), "language"];
  ok(events.length === 15 && commands.length === 10, `${events} ${commands}`);
  const text = await readProjectFile("docs/bridge.md");
  for (const name of [...events, ...commands]) match(text, new RegExp(`^\\| \`${name}\` `, "m"));
});

Deno.test("the events in Dart parse, and each event of the page is one of them", async () => {
  const dart = await readProjectFile("docs/hosts/chime_page_events.dart");
  deepEqual(await faultyLines("dart", dart), []);
  deepEqual([...dart.matchAll(/^import '(.*)';$/gm)].map(([, name]) => name), ["dart:convert"]);
  const types = await readProjectFile("client/bridge/chime-page.d.ts");
  const events = names(types, /interface PageEvents/, "\n}");
  const read = [...dart.matchAll(/^ {6}\(?\s*'([a-z-]+)',|^ {8}'([a-z-]+)',$/gm)]
    .map(([, one, other]) => one ?? other);
  deepEqual(read.toSorted(), events.toSorted());
  // The analyzer demands a case for each class only if all of them are in this file.
  const classes = [...dart.matchAll(/^final class (\w+) extends PageEvent \{$/gm)];
  ok(/^sealed class PageEvent/m.test(dart) && classes.length === events.length + 1);
  for (const [, name = ""] of classes) ok(dart.includes(`${name}(`), name);
});

Deno.test("every guide shows the texts of a problem and replaces a refused token once", async () => {
  for (const path of guides.filter((name) => !name.includes("README"))) {
    const text = await readProjectFile(path);
    match(text, /nextStep/, path);
    match(text, /401/, path);
  }
});

Deno.test("the published types are one file without imports", async () => {
  const types = await readProjectFile("client/bridge/chime-page.d.ts");
  ok(!/\bimport\b|\brequire\b|<reference/.test(types.replace(/\/\*[\s\S]*?\*\//g, "")));
});

Deno.test("every guide covers what every host has to do", async () => {
  for (const path of guides.filter((name) => !/README|iframe/.test(name))) {
    const text = await readProjectFile(path);
    for (const part of ["passes", "keep-awake", "audio-route", "background", "foreground"]) {
      ok(text.includes(part), `${path}: ${part}`);
    }
    match(text, /"back"|'back'/);
    match(text, /410/);
    match(text, /close/);
    // For platforms that rewrite HTML to text.
    match(text, /## Without a custom domain\n/);
  }
});
