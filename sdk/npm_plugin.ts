/**
 * Lets esbuild bundle packages from Deno's npm cache. It has no `node_modules` folders to search, so
 * Deno itself resolves the name of a package, as seen from the importing file: the versions are those
 * of deno.lock.
 */
import type { Plugin } from "esbuild";
import { createRequire, isBuiltin } from "node:module";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";

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
      build.onResolve(
        { filter: /.*/ },
        async ({ path, importer, kind, resolveDir, pluginData }) => {
          if (pluginData === "resolved" || kind === "entry-point") return undefined;
          if (stubs.includes(path)) return { path, namespace: "empty" };
          const isPackage = !/^[./]/.test(path) && !isBuiltin(path);
          const file = isPackage
            ? entryPackages[path] ??
              createRequire(importer || fileURLToPath(import.meta.url)).resolve(path)
            : path;
          // esbuild itself applies a package's `browser` field.
          const result = await build.resolve(isPackage ? `./${basename(file)}` : path, {
            importer,
            kind,
            resolveDir: isPackage ? dirname(file) : resolveDir,
            pluginData: "resolved",
          });
          return sideEffectFree(result.path) ? { ...result, sideEffects: false } : result;
        },
      );
      build.onLoad(
        { filter: /.*/, namespace: "empty" },
        () => ({ contents: "module.exports = {};", loader: "js" }),
      );
    },
  };
}
