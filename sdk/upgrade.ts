/**
 * Moves the project to another version of the SDK:
 *
 *   deno task cdn:upgrade 3.33.0
 *
 * Changes the exact pin everywhere, builds, prints how much each part of the file grew or shrank, and
 * keeps the previous file in the manifest as the second, to roll back to. If a cut does not find what
 * it expects, restores everything and fails.
 */
import { sizeTable } from "./sizes.ts";

const PACKAGE = "amazon-chime-sdk-js";
const ROOT = new URL("../", import.meta.url);
// Files that may pin the version.
const PINNED = [
  "deno.json",
  "client/deno.json",
  "dev/chime/deno.json",
  "supabase/functions/chime-page/deno.json",
];
const GENERATED = ["deno.lock", "supabase/functions/chime-page/config/sdk_manifest.generated.ts"];

const say = (text: string) => Deno.stdout.write(new TextEncoder().encode(`${text}\n`));

/** A text with every pin of the SDK changed to `version`. */
export function movePins(text: string, version: string): string {
  return text.replaceAll(
    new RegExp(`(npm:/?${PACKAGE})@\\d+\\.\\d+\\.\\d+(?=["/])`, "g"),
    `$1@${version}`,
  );
}

/** The texts of those files that exist, by path. */
async function readFiles(paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const path of paths) {
    const text = await Deno.readTextFile(new URL(path, ROOT)).catch(() => undefined);
    if (text !== undefined) texts.set(path, text);
  }
  return texts;
}

/** Runs Deno in the repository. Shows its errors, returns its output. */
async function deno(...args: string[]): Promise<string> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT,
    stdout: "piped",
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`Cannot upgrade: deno ${args.join(" ")} failed`);
  return new TextDecoder().decode(stdout);
}

/** Sizes by group of the file as it is built now, in another process, which sees the changed pins. */
async function sizes(): Promise<Record<string, number>> {
  return JSON.parse(await deno("run", "-A", "--quiet", "sdk/sizes.ts", "--json"));
}

async function move(version: string, files: ReadonlyMap<string, string>): Promise<void> {
  const before = await sizes();
  for (const [path, text] of files) {
    if (PINNED.includes(path)) {
      await Deno.writeTextFile(new URL(path, ROOT), movePins(text, version));
    }
  }
  await say((await deno("run", "-A", "sdk/build.ts", "--keep")).trim());
  await say(sizeTable(before, await sizes()));
}

if (import.meta.main) {
  const [version = ""] = Deno.args;
  if (!/^\d+\.\d+\.\d+$/.test(version)) {
    await say("Usage: deno task cdn:upgrade <version>, e.g. 3.33.0");
    Deno.exit(2);
  }
  const files = await readFiles([...PINNED, ...GENERATED]);
  try {
    await move(version, files);
  } catch (error) {
    for (const [path, text] of files) await Deno.writeTextFile(new URL(path, ROOT), text);
    await say("Everything is as it was before.");
    throw error;
  }
}
