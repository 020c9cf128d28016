/**
 * Which Chromium the tests run, and what it needs: from npm (`@sparticuz/chromium`, Linux x64) or,
 * elsewhere, an installed Chrome. A Linux without Chromium's libraries and fonts gets those that
 * come with the package, so that nothing has to be installed.
 */
import { existsSync, readdirSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { arch, env, platform } from "node:process";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync } from "node:zlib";
import { locatePackage, versionOf } from "./large_packages.ts";

/** A Chromium that can be started. */
export interface Chromium {
  readonly executable: string;
  /** Environment variables that it needs in addition. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * 92 is the floor, 106 the newest in which the SDK sends no redundant audio, as in old web views, and
 * 131 is between them and 147, which most tests run.
 */
export type ChromiumVersion = 92 | 106 | 131 | 147;

const INSTALLED = [
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

const FONTS = ["/usr/share/fonts", "/usr/local/share/fonts"];
const UNPACKED = fileURLToPath(new URL("../../.cache/chromium/", import.meta.url));
const found = new Map<ChromiumVersion, Promise<Chromium>>();

/** Finds a Chromium, unpacked once for each checkout. */
export function findChromium(version: ChromiumVersion): Promise<Chromium> {
  const chromium = found.get(version) ?? find(version);
  found.set(version, chromium);
  return chromium;
}

/** `CHIME_PAGE_CHROME` stands in for the usual one alone. */
async function find(version: ChromiumVersion): Promise<Chromium> {
  const chosen = env["CHIME_PAGE_CHROME"] ?? "";
  if (chosen !== "" && version === 147) return { executable: chosen, environment: {} };
  if (platform === "linux" && arch === "x64") return await fromNpm(version);
  const installed = INSTALLED.find((path) => existsSync(path));
  if (installed === undefined || version !== 147) {
    throw new Error(
      version === 147
        ? "Cannot find Chrome: install it or set CHIME_PAGE_CHROME to its executable"
        : `Cannot run Chromium ${version}: npm has it for Linux on x64 alone`,
    );
  }
  return { executable: installed, environment: {} };
}

async function fromNpm(version: ChromiumVersion): Promise<Chromium> {
  const folder = await unpacked(`chromium-${version}`, ["chromium.br", "swiftshader.tar.br"]);
  const executable = join(folder, "chromium");
  const lacks = { libraries: !await hasLibraries(executable), fonts: !hasFonts() };
  if (!lacks.libraries && !lacks.fonts) return { executable, environment: {} };
  // The libraries and fonts of the newest package work for the older ones too.
  const brought = await unpacked("chromium-147", ["al2023.tar.br", "fonts.tar.br"], "system-");
  return {
    executable,
    environment: {
      ...(lacks.libraries ? { LD_LIBRARY_PATH: join(brought, "lib") } : {}),
      ...(lacks.fonts ? { FONTCONFIG_FILE: await writeFontConfiguration(brought) } : {}),
    },
  };
}

/** The folder of a package's files, unpacked on first use. */
async function unpacked(name: string, files: readonly string[], prefix = ""): Promise<string> {
  const folder = join(UNPACKED, `${prefix}${name}-${versionOf(name)}`);
  if (existsSync(folder)) return folder;
  const located = await locatePackage(name);
  const bin = join(located.replace(/[\\/](?:build[\\/].*|package\.json)$/, ""), "bin");
  // Others may unpack at the same time, or be killed meanwhile: a folder is complete or missing.
  const part = `${folder}.${crypto.randomUUID()}.part`;
  await mkdir(part, { recursive: true });
  for (const file of files) {
    const bytes = brotliDecompressSync(await readFile(join(bin, file)));
    if (file.endsWith(".tar.br")) await untar(new Uint8Array(bytes), part);
    else await writeFile(join(part, file.replace(/\.br$/, "")), bytes, { mode: 0o755 });
  }
  await rename(part, folder).catch(async (error) => {
    await rm(part, { recursive: true });
    if (!existsSync(folder)) throw error;
  });
  return folder;
}

async function untar(bytes: Uint8Array<ArrayBuffer>, folder: string): Promise<void> {
  const tar = new Deno.Command("tar", {
    args: ["-x", "--no-same-owner", "-C", folder],
    stdin: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = tar.stdin.getWriter();
  await writer.write(bytes);
  await writer.close();
  if (!(await tar.status).success) throw new Error(`Cannot unpack a file of Chromium to ${folder}`);
}

/**
 * Whether the machine has all libraries that an executable is linked with. Asks the linker, because
 * Chromium 92 may run on and on even with `--version`.
 */
async function hasLibraries(executable: string): Promise<boolean> {
  const { stdout } = await new Deno.Command("ldd", { args: [executable], stderr: "null" }).output();
  return !new TextDecoder().decode(stdout).includes("not found");
}

function hasFonts(): boolean {
  return existsSync("/etc/fonts/fonts.conf") &&
    FONTS.some((folder) => existsSync(folder) && readdirSync(folder).length > 0);
}

async function writeFontConfiguration(folder: string): Promise<string> {
  const path = join(folder, "fonts-here.conf");
  if (existsSync(path)) return path;
  const folders = [join(folder, "fonts"), ...FONTS].map((one) => `<dir>${one}</dir>`);
  const part = `${path}.${crypto.randomUUID()}.part`;
  await writeFile(part, `<fontconfig>${folders.join("")}</fontconfig>\n`);
  await rename(part, path);
  return path;
}
