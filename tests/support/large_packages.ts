/** Large packages from npm that only tests need: those of `tests/large/packages.json`. */
import { readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = (name: string) => fileURLToPath(new URL(`../large/${name}`, import.meta.url));

/** The exact version of a package, as `packages.json` has it. */
export function versionOf(name: string): string {
  const { imports } = JSON.parse(readFileSync(here("packages.json"), "utf8"));
  const version = /@(\d[^@/]*)(?:\/|$)/.exec(imports[name] ?? "")?.[1];
  if (version === undefined) throw new Error(`Cannot find ${name} in tests/large/packages.json`);
  return version;
}

/**
 * A file of a package, which is fetched first if it must be.
 * @param dependency of that package, to find it instead
 * @returns the path of what an import of it would load
 */
export async function locatePackage(name: string, dependency?: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-all",
      "--quiet",
      `--config=${here("packages.json")}`,
      here("locate.ts"),
      name,
      ...(dependency === undefined ? [] : [dependency]),
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const text = new TextDecoder();
  if (!success) throw new Error(`Cannot find ${dependency ?? name}: ${text.decode(stderr)}`);
  return text.decode(stdout).trim();
}

/** Loads a package without dependencies; `T` is the part of its types that the caller uses. */
export async function loadPackage<T>(name: string): Promise<T> {
  return await import(pathToFileURL(await locatePackage(name)).href);
}
