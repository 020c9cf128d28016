/**
 * Builds the function as one file, as a `supabase/` folder that the CLI deploys from.
 *
 *   deno task build:function [folder]
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { terminal } from "../dependencies.ts";
import { bundleFunction, type FunctionBundle } from "./bundle.ts";

/** Where the function is built by default. */
export const BUILD_FOLDER: string = fileURLToPath(
  new URL("../../.cache/function/build", import.meta.url),
);
const CONFIG = new URL("../../supabase/config.toml", import.meta.url);
const FUNCTION = "supabase/functions/chime-page";
/** Bytes; the aim is a fast cold start. */
export const SIZE_BUDGET = 500_000;

/** A function that was built. */
export interface BuiltFunction extends FunctionBundle {
  /** The folder with `index.js`, `deno.json` and `LICENSES.txt`. */
  readonly folder: string;
  readonly sha256: string;
}

/** Builds the function in `<folder>/supabase`, with the section that `config.toml` needs. */
export async function buildFunction(folder: string = BUILD_FOLDER): Promise<BuiltFunction> {
  const bundle = await bundleFunction();
  const target = join(folder, FUNCTION);
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  await writeFile(join(target, "index.js"), bundle.code);
  // Nothing is left to resolve. The CLI wants an import map of the function's own.
  await writeFile(join(target, "deno.json"), `${JSON.stringify({ imports: {} }, null, 2)}\n`);
  await writeFile(join(target, "LICENSES.txt"), bundle.licenses);
  await writeFile(join(folder, "supabase/config.toml"), await configOfBuild());
  const sha256 = createHash("sha256").update(bundle.code).digest("hex");
  return { ...bundle, folder: target, sha256 };
}

/** The repository's `config.toml`, reduced to the project and the function, with the built file. */
async function configOfBuild(): Promise<string> {
  const config = await readFile(CONFIG, "utf8");
  const section = /^\[functions\.chime-page\]\n(?:.+\n?)*/m.exec(config)?.[0];
  const project = /^project_id = .*$/m.exec(config)?.[0];
  if (!section || !project) throw new Error("Cannot find the function in supabase/config.toml");
  return `${project}\n\n${section.replace("chime-page/index.ts", "chime-page/index.js")}`;
}

if (import.meta.main) {
  const { folder, code, sha256 } = await buildFunction(Deno.args[0]);
  const bytes = new TextEncoder().encode(code).length;
  terminal().print(
    `${folder}\nindex.js: ${bytes.toLocaleString("en-GB")} bytes, SHA-256 ${sha256}`,
  );
}
