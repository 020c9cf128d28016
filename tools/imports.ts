/** What each file of ours imports, read from its text. */

const ROOT = new URL("../", import.meta.url);

export interface Imports {
  readonly file: string;
  /** Our own files, as paths from the root. */
  readonly local: readonly { readonly path: string; readonly typesOnly: boolean }[];
  readonly packages: readonly { readonly name: string; readonly typesOnly: boolean }[];
}

/** Every TypeScript file below a folder, which ends with a slash; by default all of them. */
export async function* sources(folder = ""): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder || "./", ROOT))) {
    if (name.startsWith(".") || name === "node_modules") continue;
    if (isDirectory) yield* sources(`${folder}${name}/`);
    else if (/\.tsx?$/.test(name)) yield `${folder}${name}`;
  }
}

async function importsOf(file: string): Promise<Imports> {
  const text = await Deno.readTextFile(new URL(file, ROOT));
  const found = [
    ...text.matchAll(/^(import|export)\s+(type\s+)?(?:[^;"'`]*?\sfrom\s+)?["']([^"']+)["']/gm),
    ...text.matchAll(/(import)\((\s*)["']([^"']+)["']\)/g),
  ].map((match) => ({ specifier: match[3] ?? "", typesOnly: match[2]?.trim() === "type" }));
  const local = found.filter(({ specifier }) => specifier.startsWith(".")).map((one) => ({
    path: new URL(one.specifier, new URL(file, ROOT)).href.slice(ROOT.href.length),
    typesOnly: one.typesOnly,
  }));
  const packages = found.filter(({ specifier }) => !specifier.startsWith("."))
    .map(({ specifier, typesOnly }) => ({ name: specifier, typesOnly }));
  return { file, local, packages };
}

export async function readGraph(): Promise<readonly Imports[]> {
  return await Promise.all((await Array.fromAsync(sources())).map(importsOf));
}

/** Every file that one needs at run time, itself included. */
export function reach(graph: readonly Imports[], file: string): ReadonlySet<string> {
  const byFile = new Map(graph.map((one) => [one.file, one]));
  const reached = new Set<string>();
  const walk = (path: string) => {
    if (reached.has(path)) return;
    reached.add(path);
    byFile.get(path)?.local.filter(({ typesOnly }) => !typesOnly).forEach((one) => walk(one.path));
  };
  walk(file);
  return reached;
}
