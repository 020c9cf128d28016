import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { sourceOf } from "../../sdk/cuts/cut.ts";

const require = createRequire(import.meta.url);

/** The folder of the SDK's package in Deno's cache. */
const SDK_FOLDER: string = dirname(dirname(require.resolve("amazon-chime-sdk-js")));

/** The source of a file of the SDK, as the build reads it. */
export function readSdk(path: string): Promise<string> {
  return sourceOf(join(SDK_FOLDER, path));
}

/** Loads a module as a file of the SDK would. */
export function requireFromSdk(name: string): unknown {
  return createRequire(join(SDK_FOLDER, "build", "index.js"))(name);
}

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Copies what a build needs to another folder, and removes the copy afterwards. */
export async function elsewhere(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "sdk build "));
  try {
    const members = ["client", "supabase", "dev/chime/deno.json"];
    for (const path of ["sdk", ...members, "deno.json", "deno.lock"]) {
      await cp(join(ROOT, path), join(folder, path), { recursive: true });
    }
    await run(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Runs Deno in a folder. Returns whether it succeeded, and everything it printed. */
export async function deno(
  folder: string,
  args: readonly string[],
  executable: string = Deno.execPath(),
): Promise<{ success: boolean; said: string }> {
  const { success, stdout, stderr } = await new Deno.Command(executable, {
    args: [...args],
    cwd: folder,
    // Behind a proxy its certificate is in the system's store, which Deno 2.9 reads by itself.
    env: {
      NO_COLOR: "1",
      DENO_TLS_CA_STORE: Deno.env.get("DENO_TLS_CA_STORE") ?? "mozilla,system",
    },
  }).output();
  return { success, said: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}
