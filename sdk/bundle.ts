/** Bundles the SDK into one classic script with the global `ChimeSDK`. */
import * as esbuild from "esbuild";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Cut, cutPlugin, isSdk, type Overlay, packageFileOf } from "./cuts/cut.ts";
import { DETECT_MODULES } from "./cuts/user_agent.ts";
import { PAKO_MODULES } from "./cuts/zlib.ts";
import { noticesOf } from "./licenses.ts";
import { npmPlugin } from "./npm_plugin.ts";
import { sdkMain } from "./sdk_package.ts";

/** What goes into a bundle. */
export interface BundleOptions {
  /** Cuts to make. Without any, the whole SDK goes in, with every name it exports. */
  readonly cuts: readonly Cut[];
  /** With the messaging client: as the SDK's own recipe bundles it. */
  readonly messaging?: boolean;
  /** Other texts for files, how tests break what a cut relies on. */
  readonly overlay?: Overlay;
}

/** A script and what is inside it. */
export interface Bundle {
  readonly bytes: Uint8Array;
  /** Bytes in the script of each file that went in. */
  readonly parts: readonly Part[];
}

/** One file's share of a bundle. */
export interface Part {
  /** Empty for files of ours. */
  readonly package: string;
  readonly path: string;
  /** Where the file is on this machine. */
  readonly source: string;
  readonly bytes: number;
}

// Chat outside of meetings: the page does not use it, and it carries an AWS client of its own.
const MESSAGING = "@aws-sdk/client-chime-sdk-messaging";
const ROOT = fileURLToPath(new URL("../", import.meta.url));

function sideEffectFree(path: string): boolean {
  const file = packageFileOf(path);
  return file !== undefined && isSdk(file);
}

/**
 * Where a package's build in ES modules is, of the version the SDK asks for. Deno resolves only its
 * main file.
 */
function modulesOf(sdk: string, path: string): string {
  const [name = "", ...rest] = path.split("/");
  return join(dirname(createRequire(sdk).resolve(name)), ...rest);
}

/** Bundles with these cuts. The same input gives the same bytes, wherever the checkout lies. */
export async function bundle(options: BundleOptions): Promise<Bundle> {
  const { cuts, messaging = false, overlay } = options;
  const main = sdkMain();
  const whole = cuts.length === 0;
  const result = await esbuild.build({
    ...(whole
      ? { stdin: { contents: `export * from "amazon-chime-sdk-js";`, resolveDir: ROOT } }
      : { entryPoints: [fileURLToPath(new URL("entry.ts", import.meta.url))] }),
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
    // Notices would name files by where they are on this machine. They are in a file of their own.
    legalComments: "none",
    metafile: true,
    logLevel: "silent",
    plugins: [
      npmPlugin(
        {
          "amazon-chime-sdk-js": main,
          [PAKO_MODULES]: modulesOf(main, PAKO_MODULES),
          [DETECT_MODULES]: modulesOf(main, DETECT_MODULES),
        },
        messaging ? [] : [MESSAGING],
        whole ? undefined : sideEffectFree,
      ),
      cutPlugin(cuts, overlay),
    ],
  });
  const [output] = result.outputFiles;
  if (output === undefined) throw new Error("Cannot bundle the SDK: esbuild gave no file");
  // A name that is imported and not there is only a warning to esbuild, and a crash in a call.
  const [warning] = whole ? [] : result.warnings;
  if (warning !== undefined) throw new Error(`Cannot bundle the SDK: ${warning.text}`);
  return { bytes: output.contents, parts: partsOf(result.metafile) };
}

/** A script with its notices: one line in it, and the texts for the file beside it. */
export async function bundleWithNotices(
  cuts: readonly Cut[],
): Promise<{ bytes: Uint8Array; licenses: string }> {
  try {
    const { bytes, parts } = await bundle({ cuts });
    const { banner, text } = noticesOf(parts, ROOT);
    const head = new TextEncoder().encode(`${banner}\n`);
    return { bytes: new Uint8Array([...head, ...bytes]), licenses: text };
  } finally {
    // The bundler is a process of its own, which would outlive the build.
    await esbuild.stop();
  }
}

function partsOf(metafile: esbuild.Metafile): Part[] {
  const [output] = Object.values(metafile.outputs);
  return Object.entries(output?.inputs ?? {}).map(([source, { bytesInOutput }]) => {
    const file = packageFileOf(source);
    return {
      package: file?.package ?? "",
      path: file?.path ?? source,
      source,
      bytes: bytesInOutput,
    };
  });
}
