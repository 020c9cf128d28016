import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildFunction } from "../function/build.ts";
import { VERSION } from "../../supabase/functions/chime-page/config/version.ts";
import { findSection } from "./config_section.ts";

/** What a project gets. */
export interface Release {
  readonly version: string;
  /** Texts by their path in the adopter's repository. */
  readonly files: ReadonlyMap<string, string>;
  /** The section of `supabase/config.toml`. */
  readonly section: string;
}

const FUNCTION = "supabase/functions/chime-page";
const MIGRATIONS = "supabase/migrations";
const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Builds the function and collects what a project needs: the built function, an example of its
 * settings, and the migrations. Not `seed.sql`: its demo people have a public password.
 */
export async function readRelease(): Promise<Release> {
  const { folder } = await buildFunction();
  const files = new Map<string, string>();
  for (const name of (await readdir(folder)).sort()) {
    files.set(`${FUNCTION}/${name}`, await readFile(join(folder, name), "utf8"));
  }
  const example = await readFile(join(ROOT, "supabase/functions/.env.example"), "utf8");
  files.set(
    `${FUNCTION}/.env.example`,
    example.replaceAll("functions/.env", "functions/chime-page/.env"),
  );
  // Their own `.gitignore` may not cover the file with the keys.
  files.set(`${FUNCTION}/.gitignore`, ".env\n");
  for (const name of (await readdir(join(ROOT, MIGRATIONS))).sort()) {
    files.set(`${MIGRATIONS}/${name}`, await readFile(join(ROOT, MIGRATIONS, name), "utf8"));
  }
  const config = await readFile(join(dirname(dirname(folder)), "config.toml"), "utf8");
  const section = findSection(config);
  if (section === undefined) throw new Error("Cannot find the section of the built function");
  return { version: VERSION, files, section };
}
