/** Bundles the function and its packages into one module. */
import * as esbuild from "esbuild";
import { Buffer } from "node:buffer";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { packageFileOf } from "../../sdk/cuts/cut.ts";
import { licensesOf, type Part } from "../../sdk/licenses.ts";

/** The built function. */
export interface FunctionBundle {
  readonly code: string;
  /** Licenses of the packages in it. */
  readonly licenses: string;
  /** What each file contributes to it. */
  readonly parts: readonly Part[];
  /** Modules that it imports from the runtime. */
  readonly imports: readonly string[];
}

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FUNCTION = join(ROOT, "supabase/functions/chime-page");
const UNUSED = [
  "@smithy/core/event-streams",
  "@supabase/auth-js",
  "@supabase/functions-js",
  "@supabase/realtime-js",
  "@supabase/storage-js",
];
const BANNER = "// Built by deno task build:function. Licenses: LICENSES.txt\n";

/** Bundles the function with its packages at the versions of deno.lock. The same input gives the same bytes. */
export async function bundleFunction(): Promise<FunctionBundle> {
  const packages = await installPackages();
  try {
    const result = await esbuild.build({
      absWorkingDir: ROOT,
      entryPoints: [join(FUNCTION, "index.ts")],
      nodePaths: [join(packages, "node_modules")],
      alias: Object.fromEntries(
        UNUSED.map((name) => [name, fileURLToPath(new URL("unused.ts", import.meta.url))]),
      ),
      plugins: [compressedTexts()],
      external: ["node:*"],
      bundle: true,
      write: false,
      metafile: true,
      minify: true,
      format: "esm",
      // With Node's variants of the packages, the AWS client fails on the platform's Deno.
      platform: "browser",
      conditions: ["deno", "worker"],
      jsx: "automatic",
      target: "es2022",
      charset: "utf8",
      legalComments: "none",
      logLevel: "silent",
      // Those of config/pins.ts.
      logOverride: { "ignored-bare-import": "silent" },
      banner: { js: BANNER },
    });
    const [warning] = result.warnings;
    if (warning !== undefined) throw new Error(`Cannot bundle the function: ${warning.text}`);
    const parts = partsOf(result.metafile);
    const licenses = licensesOf(parts, ROOT, "The packages in index.js, and their licenses.");
    const imports = Object.values(result.metafile.outputs).flatMap((output) =>
      output.imports.map(({ path }) => path)
    );
    return { code: result.outputFiles[0]?.text ?? "", licenses, parts, imports };
  } finally {
    await rm(packages, { recursive: true });
    await esbuild.stop();
  }
}

/** Installs the function's packages into a new folder, in the versions of the lock file. */
async function installPackages(): Promise<string> {
  const cache = join(ROOT, ".cache/function");
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "packages-"));
  await copyFile(join(ROOT, "deno.lock"), join(folder, "deno.lock"));
  const { imports } = JSON.parse(await readFile(join(FUNCTION, "deno.json"), "utf8"));
  const config = { imports, nodeModulesDir: "auto" };
  await writeFile(join(folder, "deno.json"), JSON.stringify(config));
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["install", "--quiet"],
    cwd: folder,
    stdout: "null",
    stderr: "piped",
  }).output();
  if (success) return folder;
  await rm(folder, { recursive: true });
  throw new Error(`Cannot install the function's packages: ${new TextDecoder().decode(stderr)}`);
}

/**
 * The client in the generated module is text to the function. Compressed it takes 80 KB less, and the
 * function starts no slower.
 */
function compressedTexts(): esbuild.Plugin {
  return {
    name: "compressed-texts",
    setup(build) {
      build.onLoad({ filter: /client\.generated\.ts$/ }, async ({ path }) => {
        const texts = await import(pathToFileURL(path).href);
        const data = brotliCompressSync(Buffer.from(JSON.stringify(texts))).toString("base64");
        return {
          contents: `import { Buffer } from "node:buffer";
            import { brotliDecompressSync } from "node:zlib";
            const text = brotliDecompressSync(Buffer.from("${data}", "base64")).toString();
            export const { ${Object.keys(texts).join(", ")} } = JSON.parse(text);`,
        };
      });
    },
  };
}

function partsOf({ outputs }: esbuild.Metafile): readonly Part[] {
  return Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).map(([source, { bytesInOutput: bytes }]): Part => {
      const { package: name = "", path = source } = packageFileOf(source) ?? {};
      return { package: name, path, source, bytes };
    })
  );
}
