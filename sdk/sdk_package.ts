/** The SDK's package in Deno's npm cache, and its version. */
import sdk from "amazon-chime-sdk-js/package.json" with { type: "json" };
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const SDK_VERSION: string = sdk.version;

const NAME = "amazon-chime-sdk-js";

export function sdkMain(): string {
  try {
    return createRequire(import.meta.url).resolve(NAME);
  } catch (error) {
    // Deno 2.1 resolves a bare name only from within packages, not from this repository.
    const found = mainInCache();
    if (found === undefined) throw error;
    return found;
  }
}

/** Finds the file in the cache, which has a folder for each registry. */
function mainInCache(): string | undefined {
  const { stdout } = new Deno.Command(Deno.execPath(), {
    args: ["info", "--json"],
    // Without the project's configuration.
    cwd: tmpdir(),
    stderr: "null",
  }).outputSync();
  const { npmCache } = JSON.parse(new TextDecoder().decode(stdout));
  return readdirSync(npmCache).map((registry) =>
    join(npmCache, registry, NAME, SDK_VERSION, sdk.main)
  ).find((path) => existsSync(path));
}
