/**
 * Lets esbuild bundle packages from Deno's npm cache. It has no `node_modules` folders to search, so
 * Deno itself resolves each import, as seen from the importing file: the versions are those of
 * deno.lock.
 */
import type { OnResolveArgs, OnResolveResult, Plugin } from "esbuild";
import { createRequire } from "node:module";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

type BrowserField = Readonly<Record<string, string | false>>;

/** The folder of the package that a file belongs to, and the fields of its package.json. */
function packageOf(file: string): { folder: string; browser?: string | BrowserField } {
  let folder = dirname(file);
  while (!existsSync(join(folder, "package.json"))) {
    const above = dirname(folder);
    // A file of this repository.
    if (above === folder) return { folder: dirname(file) };
    folder = above;
  }
  return { folder, ...JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) };
}

function asFile(path: string): string | undefined {
  const candidates = [path, `${path}.js`, `${path}.json`, join(path, "index.js")];
  return candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile());
}

/** Applies a package's `browser` field, which replaces files for browsers, or leaves them out. */
function forBrowser(file: string): OnResolveResult {
  const { folder, browser } = packageOf(file);
  if (typeof browser !== "object") return { path: file };
  for (const [from, to] of Object.entries(browser)) {
    if (!from.startsWith(".") || asFile(resolve(folder, from)) !== file) continue;
    if (to === false) return { path: file, namespace: "empty" };
    return { path: asFile(resolve(folder, to)) ?? file };
  }
  return { path: file };
}

function resolveImport(args: OnResolveArgs): OnResolveResult | undefined {
  if (args.namespace !== "file" || args.kind === "entry-point") return undefined;
  if (args.path.startsWith(".") || args.path.startsWith("/")) {
    const file = asFile(resolve(args.resolveDir, args.path));
    return file === undefined ? undefined : forBrowser(file);
  }
  const importer = args.importer === "" ? fileURLToPath(import.meta.url) : args.importer;
  const { browser } = packageOf(importer);
  if (typeof browser === "object" && browser[args.path] === false) {
    return { path: args.path, namespace: "empty" };
  }
  return forBrowser(createRequire(importer).resolve(args.path));
}

/**
 * Creates the plugin.
 * @param entryPackages main files of the packages that the entry itself imports, by name
 * @param stubs packages to leave out: importing one gives an empty module
 * @param sideEffectFree whether a file can be left out when nothing is imported from it
 */
export function npmPlugin(
  entryPackages: Readonly<Record<string, string>>,
  stubs: readonly string[],
  sideEffectFree: (path: string) => boolean = () => false,
): Plugin {
  return {
    name: "npm-from-deno-cache",
    setup(build) {
      build.onResolve({ filter: /.*/ }, (args) => {
        if (stubs.includes(args.path)) return { path: args.path, namespace: "empty" };
        const known = entryPackages[args.path];
        const result = known === undefined ? resolveImport(args) : { path: known };
        if (result?.path === undefined || !sideEffectFree(result.path)) return result;
        return { ...result, sideEffects: false };
      });
      build.onLoad(
        { filter: /.*/, namespace: "empty" },
        () => ({ contents: "module.exports = {};", loader: "js" }),
      );
    },
  };
}
