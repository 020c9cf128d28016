/**
 * Moves the project to another version of the SDK:
 *
 *   deno task cdn:upgrade 3.33.0
 *
 * Changes the exact pin everywhere, builds, prints how much each part of the file grew or shrank, and
 * keeps the previous file in the manifest as the second, to roll back to. Fails if a cut does not find
 * what it expects; then everything is put back.
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

/** A file and its text, to restore it. */
interface Snapshot {
  readonly url: URL;
  readonly text: string;
}

async function snapshots(paths: readonly string[]): Promise<Snapshot[]> {
  const found: Snapshot[] = [];
  for (const path of paths) {
    const url = new URL(path, ROOT);
    const text = await Deno.readTextFile(url).catch(() => undefined);
    if (text !== undefined) found.push({ url, text });
  }
  return found;
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

async function move(version: string, files: readonly Snapshot[]): Promise<void> {
  const before = await sizes();
  for (const { url, text } of files) {
    if (PINNED.some((path) => url.href.endsWith(`/${path}`)) && text.includes(PACKAGE)) {
      await Deno.writeTextFile(url, movePins(text, version));
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
  const files = await snapshots([...PINNED, ...GENERATED]);
  try {
    await move(version, files);
  } catch (error) {
    for (const { url, text } of files) await Deno.writeTextFile(url, text);
    await say("Everything is as it was before.");
    throw error;
  }
}
