/**
 * A cut takes something out of the SDK that a visit never uses. It knows exactly what it expects to
 * find, and the build fails when that is not there: an upgrade cannot silently turn a cut into a
 * no-op, or into damage.
 */
import type { OnLoadResult, Plugin } from "esbuild";
import { readFile } from "node:fs/promises";

/** A file of a package, as a cut sees it. */
export interface PackageFile {
  /** Package name, e.g. `pako`. */
  readonly package: string;
  /** Path inside the package, e.g. `build/index.js`. */
  readonly path: string;
}

/** One thing that is taken out. */
export interface Cut {
  readonly name: string;
  /** What it takes out and why nothing misses it; printed with the sizes. */
  readonly why: string;
  appliesTo(file: PackageFile): boolean;
  /**
   * The file's text without it, and how often it was found. Throws when the file is not as expected.
   */
  apply(source: string, file: PackageFile): Promise<CutResult> | CutResult;
  /** In the whole build it must be found at least this often. */
  readonly atLeast: number;
}

/** What came of a cut in one file. */
export interface CutResult {
  readonly source: string;
  readonly found: number;
}

/** A text to read in place of a package's file: how tests break what a cut relies on. */
export type Overlay = (file: PackageFile, source: string) => string;

/** A cut could not be made as it was meant. */
export class CutError extends Error {
  override readonly name = "CutError";
  constructor(cut: string, reason: string) {
    super(`Cannot cut "${cut}": ${reason}`);
  }
}

const IN_CACHE = /[\\/](?<package>(?:@[^\\/]+[\\/])?[^\\/]+)[\\/]\d+\.\d+\.\d+[^\\/]*[\\/]/g;
const IN_NODE_MODULES = /[\\/]node_modules[\\/](?<package>(?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/g;

/** The package a path in Deno's npm cache (or a `node_modules` folder) belongs to. */
export function packageFileOf(path: string): PackageFile | undefined {
  const match = [...path.matchAll(IN_CACHE)].at(-1) ?? [...path.matchAll(IN_NODE_MODULES)].at(-1);
  const name = match?.groups?.["package"];
  if (match === undefined || name === undefined) return undefined;
  const slashes = (text: string) => text.replaceAll("\\", "/");
  return { package: slashes(name), path: slashes(path.slice(match.index + match[0].length)) };
}

/** Makes the cuts while esbuild loads the files, one after the other on each file. */
export function cutPlugin(cuts: readonly Cut[], overlay: Overlay = (_, source) => source): Plugin {
  return {
    name: "cuts",
    setup(build) {
      const found = new Map(cuts.map((cut) => [cut.name, 0]));
      build.onLoad({ filter: /\.m?js$/ }, async ({ path }): Promise<OnLoadResult | undefined> => {
        const file = packageFileOf(path);
        if (file === undefined) return undefined;
        let source = overlay(file, await readFile(path, "utf8"));
        for (const cut of cuts.filter((one) => one.appliesTo(file))) {
          const result = await cut.apply(source, file);
          source = result.source;
          found.set(cut.name, (found.get(cut.name) ?? 0) + result.found);
        }
        return { contents: source, loader: "js" };
      });
      build.onEnd((result) => {
        if (result.errors.length > 0) return;
        for (const { name, atLeast } of cuts) {
          const times = found.get(name) ?? 0;
          if (times >= atLeast) continue;
          throw new CutError(name, `found it ${times} times, expected at least ${atLeast}`);
        }
      });
    },
  };
}

/** A file of the SDK itself. */
export function isSdk(file: PackageFile): boolean {
  return file.package === "amazon-chime-sdk-js" && file.path.startsWith("build/");
}
