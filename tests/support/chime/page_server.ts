import * as esbuild from "esbuild";
import { fileURLToPath } from "node:url";
import { SDK_DIRECTORY } from "../../../sdk/build.ts";
import { standInSdk } from "../sdk.ts";

const HTML = `<!doctype html><meta charset=utf-8><title>caller</title><body></body>
<script src="/sdk.js"></script>
<script src="/caller.js"></script>`;

/** The page's scripts: the SDK file, and the program that uses its global. */
interface Scripts {
  readonly sdk: string;
  readonly caller: string;
}

let scripts: Promise<Scripts> | undefined;

async function build(): Promise<Scripts> {
  const { file } = await standInSdk();
  const result = await esbuild.build({
    entryPoints: [fileURLToPath(new URL("./caller_page.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    platform: "browser",
    logLevel: "error",
    plugins: [sdkIsGlobal],
  });
  await esbuild.stop();
  const [output] = result.outputFiles;
  if (output === undefined) throw new Error("Cannot bundle the caller's page");
  return { sdk: await Deno.readTextFile(`${SDK_DIRECTORY}${file}`), caller: output.text };
}

/** The SDK is a separate script, as on the page: the program takes its names from the global. */
const sdkIsGlobal: esbuild.Plugin = {
  name: "sdk-is-global",
  setup(build) {
    build.onResolve({ filter: /^amazon-chime-sdk-js$/ }, ({ path }) => ({
      path,
      namespace: "sdk",
    }));
    build.onLoad({ filter: /.*/, namespace: "sdk" }, () => ({
      contents: "module.exports = ChimeSDK;",
    }));
  },
};

/** Serves the caller's page on a free port of the loopback address. */
export async function servePage(): Promise<{ url: string; close(): Promise<void> }> {
  const { sdk, caller } = await (scripts ??= build());
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    const script = { "/sdk.js": sdk, "/caller.js": caller }[new URL(request.url).pathname];
    const type = script === undefined ? "text/html" : "text/javascript";
    return new Response(script ?? HTML, { headers: { "content-type": type } });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    close: () => server.shutdown(),
  };
}
