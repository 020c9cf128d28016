/** Bundles the SDK into one classic script with the global `ChimeSDK`. */
import * as esbuild from "esbuild";
import { fileURLToPath } from "node:url";
import { type Cut, isSdk, type Overlay, packageFileOf, sourcePlugin } from "./cuts/cut.ts";
import { noticesOf, type Part } from "./licenses.ts";
import { npmPlugin } from "./npm_plugin.ts";
import { sdkMain } from "./sdk_package.ts";

export interface Bundle {
  readonly bytes: Uint8Array;
  /** What each file contributes to the script. */
  readonly parts: readonly Part[];
}

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const ENTRY = fileURLToPath(new URL("entry.ts", import.meta.url));
// Chat outside of meetings: the page does not use it, and it brings an AWS client of its own.
const STUBS = ["@aws-sdk/client-chime-sdk-messaging"];

const OPTIONS = {
  absWorkingDir: ROOT,
  bundle: true,
  write: false,
  minify: true,
  format: "iife",
  globalName: "ChimeSDK",
  target: "es2020",
  platform: "browser",
  charset: "ascii",
  // A dependency expects Node's `global`; without this it throws when the script runs.
  define: { global: "globalThis" },
  // As in the SDK's own compiler options.
  tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
  // Notices would name files by their path on this machine. They go into a file of their own.
  legalComments: "none",
  metafile: true,
  logLevel: "silent",
} as const satisfies esbuild.BuildOptions;

/**
 * Bundles the names of `entry.ts`, from the SDK's TypeScript. The same input gives the same bytes,
 * wherever the repository is.
 * @param cuts what to leave out
 * @param overlay changes files before the cuts see them; for tests
 */
export async function bundle(cuts: readonly Cut[], overlay?: Overlay): Promise<Bundle> {
  const result = await esbuild.build({
    ...OPTIONS,
    entryPoints: [ENTRY],
    plugins: [
      npmPlugin({ "amazon-chime-sdk-js": sdkMain() }, STUBS, isSideEffectFree),
      sourcePlugin(cuts, overlay),
    ],
  });
  // What is only a warning to esbuild may be a crash in a call.
  const [warning] = result.warnings;
  if (warning !== undefined) throw new Error(`Cannot bundle the SDK: ${warning.text}`);
  return bundleOf(result);
}

/** Bundles every name that the SDK exports, from its compiled JavaScript: to compare with. */
export async function bundleWhole(): Promise<Bundle> {
  const stdin = { contents: `export * from "amazon-chime-sdk-js";`, resolveDir: ROOT };
  const plugins = [npmPlugin({ "amazon-chime-sdk-js": sdkMain() }, STUBS)];
  return bundleOf(await esbuild.build({ ...OPTIONS, stdin, plugins }));
}

/** Loading a file of the SDK changes nothing outside of it: one that nothing imports can go. */
function isSideEffectFree(path: string): boolean {
  const file = packageFileOf(path);
  return file !== undefined && isSdk(file);
}

function bundleOf(result: esbuild.BuildResult<{ write: false; metafile: true }>): Bundle {
  const [file] = result.outputFiles;
  const [output] = Object.values(result.metafile.outputs);
  if (file === undefined || output === undefined) {
    throw new Error("Cannot bundle the SDK: esbuild wrote no file");
  }
  const parts = Object.entries(output.inputs).map(([source, { bytesInOutput: bytes }]): Part => {
    const { package: name = "", path = source } = packageFileOf(source) ?? {};
    return { package: name, path, source, bytes };
  });
  return { bytes: file.contents, parts };
}

/** The SDK file as it is published: the script, headed by a line about its licences, and their texts. */
export async function bundleWithNotices(
  { cuts }: { readonly cuts: readonly Cut[] | "whole" },
): Promise<{ bytes: Uint8Array; licenses: string }> {
  try {
    const { bytes, parts } = cuts === "whole" ? await bundleWhole() : await bundle(cuts);
    const { banner, text } = noticesOf(parts, ROOT);
    const head = new TextEncoder().encode(`${banner}\n`);
    return { bytes: new Uint8Array([...head, ...bytes]), licenses: text };
  } finally {
    // esbuild is a process of its own, which would outlive the build.
    await esbuild.stop();
  }
}
