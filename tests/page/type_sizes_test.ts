import { deepEqual, ok } from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";

const STYLES = new URL("../../client/styles/", import.meta.url);
const NAMES = ["--type-small", "--type-body", "--type-heading", "--type-title"];
/** Initials are a picture of a person, and as large as its circle. */
const SYMBOL = /^calc\(var\(--face\) \* [\d.]+\)$/;

Deno.test("styles use four type sizes", async () => {
  const used = new Set<string>();
  const others: string[] = [];
  for (const file of await readdir(STYLES)) {
    const css = (await readFile(new URL(file, STYLES), "utf8")).replace(/\/\*[^]*?\*\//g, "");
    for (const [, property, value = ""] of css.matchAll(/[^-\w](font|font-size):\s*([^;}]+)/g)) {
      const name = /^var\((--type-[a-z]+)\)$/.exec(value)?.[1];
      if (name !== undefined) used.add(name);
      else if (value !== "inherit" && !SYMBOL.test(value)) {
        others.push(`${file}: ${property}: ${value}`);
      }
    }
    const declared = [...css.matchAll(/(--type-[a-z]+):/g)].map(([, name = ""]) => name);
    ok(declared.length === 0 || file === "base.css", `${file} declares ${declared}`);
    ok(declared.every((name) => NAMES.includes(name)), `${file} declares ${declared}`);
  }
  deepEqual(others, []);
  deepEqual([...used].sort(), [...NAMES].sort());
});
