/** Measured figures have one place, `benchmarks/figures.md`; the task that measures writes its section. */
import { readFile, writeFile } from "node:fs/promises";
import { print } from "./run.ts";

const FILE = new URL("../benchmarks/figures.md", import.meta.url);

/**
 * Prints what a task measured, and records it.
 * @param task name in deno.json; the section is called `deno task <task>`
 */
export async function record(task: string, text: string): Promise<void> {
  print(text);
  const heading = `## deno task ${task}\n`;
  const [intro = "", ...sections] = (await readFile(FILE, "utf8")).split(/^(?=## )/m);
  const others = sections.filter((section) => !section.startsWith(heading));
  const all = [...others, `${heading}\n${text}\n\n`].sort();
  await writeFile(FILE, `${intro}${all.join("").trimEnd()}\n`);
}
