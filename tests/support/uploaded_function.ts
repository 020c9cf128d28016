import { dirname, join } from "node:path";
import type { DeployedFunction } from "../../dev/supabase/management.ts";

/**
 * Writes what the CLI uploaded into a folder, and nothing else.
 * @returns how to run it on the platform's Deno
 */
export async function unpack(uploaded: DeployedFunction, folder: string) {
  for (const { name, bytes } of uploaded.files) {
    const path = join(folder, name);
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeFile(path, bytes);
  }
  return {
    entry: join(folder, String(uploaded.metadata["entrypoint_path"])),
    flags: ["--no-lock", "--config", join(folder, String(uploaded.metadata["import_map_path"]))],
  };
}
