import * as esbuild from "esbuild";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { npmPlugin } from "../../../cdn/npm_plugin.ts";

const HTML = `<!doctype html><meta charset=utf-8><title>caller</title><body></body>
<script src="/caller.js"></script>`;

let program: Promise<string> | undefined;

/** The page's program with the whole, unmodified SDK in it. */
async function bundle(): Promise<string> {
  const main = createRequire(import.meta.url).resolve("amazon-chime-sdk-js");
  const result = await esbuild.build({
    entryPoints: [fileURLToPath(new URL("../page/caller_page.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    platform: "browser",
    define: { global: "globalThis" },
    logLevel: "error",
    // The messaging client is not part of a call; it would need parts of Node to be bundled.
    plugins: [npmPlugin({ "amazon-chime-sdk-js": main }, ["@aws-sdk/client-chime-sdk-messaging"])],
  });
  await esbuild.stop();
  const [output] = result.outputFiles;
  if (output === undefined) throw new Error("Cannot bundle the caller's page");
  return output.text;
}

/** Serves the caller's page on a free port of the loopback address. */
export async function servePage(): Promise<{ url: string; close(): Promise<void> }> {
  const script = await (program ??= bundle());
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    const isScript = new URL(request.url).pathname === "/caller.js";
    const type = isScript ? "text/javascript" : "text/html";
    return new Response(isScript ? script : HTML, { headers: { "content-type": type } });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    close: () => server.shutdown(),
  };
}
