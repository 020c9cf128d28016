/**
 * Builds the SDK file, its licences file and its manifest. The same sources give the same bytes.
 *
 *   deno task cdn:build           writes .cache/cdn/<file> and the manifest
 *   deno task cdn:build --keep    keeps the manifest's current file in it, as the second
 *   deno task cdn:build --check   writes the file, and fails if the manifest is stale
 *   deno task cdn:build --uncut   writes the whole SDK instead, for tests; never deployed
 */
import { fileURLToPath } from "node:url";
import {
  describe,
  fileName,
  integrityOf,
  parse,
  render,
  type SdkFile,
  withCurrent,
} from "./manifest.ts";
import { SDK_VERSION } from "./sdk_package.ts";

export type { SdkFile } from "./manifest.ts";

const ROOT = new URL("../", import.meta.url);
/** Folder of built files, with a trailing slash. `dev/cdn` serves it, `cdn:publish` uploads from it. */
export const SDK_DIRECTORY: string = fileURLToPath(new URL(".cache/cdn/", ROOT));
const MANIFEST = new URL("supabase/functions/chime-page/config/sdk_manifest.generated.ts", ROOT);

export interface SdkChoice {
  /** `true`: the deployed file. `false`: the whole SDK, to compare with. */
  readonly cut: boolean;
}

/** The whole SDK if `CHIME_PAGE_SDK=uncut`, or else the deployed file. */
export function chosenSdk(environment: { get(name: string): string | undefined }): SdkChoice {
  const choice = environment.get("CHIME_PAGE_SDK") ?? "cut";
  if (choice !== "cut" && choice !== "uncut") {
    throw new Error(`CHIME_PAGE_SDK takes cut or uncut, not ${choice}`);
  }
  return { cut: choice === "cut" };
}

export function licensesName(file: string): string {
  return file.replace(/\.min\.js$/, ".LICENSES.txt");
}

/** Builds the file and its licences file into {@link SDK_DIRECTORY}. */
export async function buildSdk(choice: SdkChoice = { cut: true }): Promise<SdkFile> {
  // Loaded only to build: the bundler is large.
  const [{ bundleWithNotices }, { CUTS }] = await Promise.all([
    import("./bundle.ts"),
    import("./cuts/all.ts"),
  ]);
  const { bytes, licenses } = await bundleWithNotices({ cuts: choice.cut ? CUTS : "whole" });
  const described = describe(bytes, SDK_VERSION, choice.cut ? "" : "uncut-");
  await Deno.mkdir(SDK_DIRECTORY, { recursive: true });
  await writeWhole(described.file, bytes);
  await writeWhole(licensesName(described.file), new TextEncoder().encode(licenses));
  return described;
}

/** Writes a file in one step, because others may read it meanwhile. */
async function writeWhole(name: string, bytes: Uint8Array): Promise<void> {
  const part = `${SDK_DIRECTORY}${name}.${crypto.randomUUID()}.part`;
  await Deno.writeFile(part, bytes);
  await Deno.rename(part, `${SDK_DIRECTORY}${name}`);
}

async function committed(): Promise<string> {
  return await Deno.readTextFile(MANIFEST).catch(() => "");
}

/** The whole SDK of this version, if it has been built. No manifest names it; its name has its hash. */
async function builtUncut(): Promise<SdkFile | undefined> {
  try {
    for await (const { name } of Deno.readDir(SDK_DIRECTORY)) {
      if (!name.startsWith(`chime-sdk-uncut-${SDK_VERSION}-`) || !name.endsWith(".min.js")) {
        continue;
      }
      const bytes = await Deno.readFile(`${SDK_DIRECTORY}${name}`);
      if (fileName(bytes, SDK_VERSION, "uncut-") === name) {
        return describe(bytes, SDK_VERSION, "uncut-");
      }
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return undefined;
}

/**
 * Returns the file, and builds it only if it is not in {@link SDK_DIRECTORY} yet. Trusts the manifest;
 * `--check` finds out whether it is stale.
 */
export async function ensureSdk(choice: SdkChoice = { cut: true }): Promise<SdkFile> {
  if (!choice.cut) return await builtUncut() ?? await buildSdk(choice);
  const [current] = parse(await committed());
  if (current?.sdkVersion === SDK_VERSION) {
    const bytes = await Deno.readFile(`${SDK_DIRECTORY}${current.file}`).catch(() => undefined);
    if (bytes !== undefined && integrityOf(bytes) === current.integrity) return current;
  }
  return await buildSdk(choice);
}

if (import.meta.main) {
  const flags = new Set(Deno.args);
  const cut = !flags.has("--uncut");
  const file = await buildSdk({ cut });
  const known = await committed();
  if (flags.has("--check")) {
    if (known !== render([file, ...parse(known).slice(1)])) {
      throw new Error("The SDK manifest is stale: run deno task cdn:build");
    }
  } else if (cut) {
    const next = render(withCurrent(parse(known), file, flags.has("--keep")));
    if (next !== known) await Deno.writeTextFile(MANIFEST, next);
  }
  const report = `${file.file}: ${file.bytes} bytes, ${file.brotliBytes} with Brotli\n`;
  await Deno.stdout.write(new TextEncoder().encode(report));
}
