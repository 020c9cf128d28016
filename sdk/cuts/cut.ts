/**
 * A cut removes something from the SDK that a visit never uses. It states exactly what it expects to
 * find, and the build fails if that is missing. So an upgrade of the SDK cannot silently turn a cut
 * into a no-op, or into damage.
 */
import type { OnLoadResult, Plugin } from "esbuild";
import { readFile } from "node:fs/promises";

export interface PackageFile {
  /** Package name, e.g. `pako`. */
  readonly package: string;
  /** Path inside the package, e.g. `build/index.js`. */
  readonly path: string;
}

export interface Cut {
  readonly name: string;
  /** What it takes out; printed with the sizes. */
  readonly what: string;
  /** Whether the cut looks at this file of the SDK at all. */
  appliesTo(path: string): boolean;
  /** Changes the source of one file. Throws a {@link CutError} when the file is not as expected. */
  apply(source: string, path: string): CutResult | Promise<CutResult>;
  /** How often the whole build must find it; fewer fail the build. */
  readonly atLeast: number;
}

/** The changed source, and how often the cut found what it takes out. */
type CutResult = { readonly source: string; readonly found: number };

/** Changes files before the cuts see them; tests use it to break what a cut relies on. */
export type Overlay = (file: PackageFile, source: string) => string;

export class CutError extends Error {
  override readonly name = "CutError";
  constructor(cut: string, reason: string) {
    super(`Cannot cut "${cut}": ${reason}`);
  }
}

const IN_CACHE = /[\\/](?<package>(?:@[^\\/]+[\\/])?[^\\/]+)[\\/]\d+\.\d+\.\d+[^\\/]*[\\/]/g;
const IN_NODE_MODULES = /[\\/]node_modules[\\/](?<package>(?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/g;

/** The package that a path in Deno's npm cache (or in `node_modules`) belongs to. */
export function packageFileOf(path: string): PackageFile | undefined {
  const match = [...path.matchAll(IN_CACHE)].at(-1) ?? [...path.matchAll(IN_NODE_MODULES)].at(-1);
  const name = match?.groups?.["package"];
  if (match === undefined || name === undefined) return undefined;
  const slashes = (text: string) => text.replaceAll("\\", "/");
  return { package: slashes(name), path: slashes(path.slice(match.index + match[0].length)) };
}

/** Whether this is a program file of the SDK itself. */
export function isSdk(file: PackageFile): boolean {
  return file.package === "amazon-chime-sdk-js" && file.path.startsWith("build/");
}

/**
 * The source that a file of the SDK was compiled from: TypeScript, which the source map beside it
 * holds. The signalling codec alone has no source map, because it was generated as JavaScript.
 */
export async function sourceOf(path: string): Promise<string> {
  const map = await readFile(`${path}.map`, "utf8").catch(() => undefined);
  if (map === undefined) return await readFile(path, "utf8");
  const { sourcesContent: [source] = [] }: { sourcesContent?: string[] } = JSON.parse(map);
  if (source === undefined) throw new Error(`Cannot find the TypeScript of ${path} in its map`);
  return source;
}

/**
 * Makes esbuild read the SDK's TypeScript in place of the CommonJS compiled from it (only ES modules
 * can be tree-shaken), and applies the cuts to each file, one after the other.
 */
export function sourcePlugin(
  cuts: readonly Cut[],
  overlay: Overlay = (_, source) => source,
): Plugin {
  return {
    name: "sdk-sources",
    setup(build) {
      const found = new Map(cuts.map((cut) => [cut.name, 0]));
      build.onLoad({ filter: /\.js$/ }, async ({ path }): Promise<OnLoadResult | undefined> => {
        const file = packageFileOf(path);
        if (file === undefined || !isSdk(file)) return undefined;
        let source = overlay(file, await sourceOf(path));
        for (const cut of cuts.filter((one) => one.appliesTo(file.path))) {
          const result = await cut.apply(source, file.path);
          source = result.source;
          found.set(cut.name, (found.get(cut.name) ?? 0) + result.found);
        }
        return { contents: source, loader: "ts" };
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
