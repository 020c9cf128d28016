/** What the SDK file is compared with: a straightforward bundle of the SDK, and other clients. */
import * as esbuild from "esbuild";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Script {
  readonly name: string;
  readonly text: string;
  /** The global that it defines. */
  readonly global: string;
  /** Inline in the page instead of in a file. */
  readonly inline?: boolean;
}

const LIVEKIT = "2.23.0";
const DAILY = "0.92.2";

/** Bundles the whole SDK from a folder with its packages installed. */
async function straightforward(folder: string): Promise<string> {
  const result = await esbuild.build({
    stdin: { contents: `export * from "amazon-chime-sdk-js";`, resolveDir: folder },
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    globalName: "ChimeSDK",
    target: "es2020",
    platform: "browser",
    mainFields: ["browser", "module", "main"],
    define: { global: "globalThis" },
    legalComments: "none",
    logLevel: "error",
  });
  await esbuild.stop();
  return result.outputFiles[0]?.text ?? "";
}

/** Installs the packages into a temporary folder, and reads or builds the scripts. */
export async function readPeers(sdkVersion: string): Promise<Script[]> {
  const folder = await mkdtemp(join(tmpdir(), "sdk-peers-"));
  try {
    const imports = {
      "amazon-chime-sdk-js": `npm:amazon-chime-sdk-js@${sdkVersion}`,
      "livekit-client": `npm:livekit-client@${LIVEKIT}`,
      "@daily-co/daily-js": `npm:@daily-co/daily-js@${DAILY}`,
    };
    const project = JSON.stringify({ nodeModulesDir: "auto", imports });
    await writeFile(join(folder, "deno.json"), project);
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: ["install", "--quiet"],
      cwd: folder,
    }).output();
    if (!success) throw new Error("Cannot install the packages to compare with");
    const read = (path: string) => readFile(join(folder, "node_modules", path), "utf8");
    const whole = await straightforward(folder);
    return [
      { name: "straightforward bundle", text: whole, global: "ChimeSDK" },
      { name: "the same, inline in the page", text: whole, global: "ChimeSDK", inline: true },
      {
        name: `LiveKit's client ${LIVEKIT}`,
        text: await read("livekit-client/dist/livekit-client.umd.js"),
        global: "LivekitClient",
      },
      {
        name: `Daily's loader ${DAILY}`,
        text: await read("@daily-co/daily-js/dist/daily.js"),
        global: "Daily",
      },
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}
