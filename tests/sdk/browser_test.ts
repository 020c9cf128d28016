/// <reference lib="dom" />
import assert from "node:assert/strict";
import { ensureSdk, SDK_DIRECTORY } from "../../sdk/build.ts";
import { startCdn } from "../../dev/cdn/origin.ts";
import { visitData } from "../support/visit_page.ts";
import { browserTest, newPhone } from "../support/browser.ts";
import { visitPolicy } from "../support/visit_server.ts";
import { withServer } from "../support/with_server.ts";

const ENTRY = new URL("../../sdk/entry.ts", import.meta.url);

browserTest(
  "the SDK file runs under the page's Content-Security-Policy and defines every name of its entry",
  async (browser, t) => {
    const entry = await Deno.readTextFile(ENTRY);
    const names = (/export \{([\s\S]*?)\}/.exec(entry)?.[1]?.match(/\w+/g) ?? []).sort();
    const cdn = await startCdn({ directory: SDK_DIRECTORY });
    try {
      for (const cut of [true, false]) {
        await t.step(cut ? "the cut file" : "the whole SDK", async () => {
          const { file, integrity } = await ensureSdk({ cut });
          const data = visitData({ sdk: { url: `${cdn.url}/${file}`, integrity, timeoutMs: 1 } });
          const page = `<!doctype html><meta charset=utf-8><script src="${data.sdk.url}" ` +
            `integrity="${integrity}" crossorigin="anonymous"></script>`;
          const headers = {
            "content-type": "text/html",
            "content-security-policy": visitPolicy(data),
          };
          await withServer(() => new Response(page, { headers }), async (port) => {
            const phone = await newPhone(browser);
            try {
              await phone.page.goto(`http://127.0.0.1:${port}/`);
              const found = await phone.page.evaluate(() => {
                const sdk = Reflect.get(globalThis as object, "ChimeSDK");
                const logger = new sdk.ConsoleLogger("test", sdk.LogLevel.ERROR);
                return {
                  names: Object.keys(sdk).sort(),
                  missing: Object.keys(sdk).filter((name) => sdk[name] === undefined),
                  left: sdk.MeetingSessionStatusCode[sdk.MeetingSessionStatusCode.Left],
                  devices: typeof new sdk.DefaultDeviceController(logger).startAudioInput,
                  version: sdk.Versioning.sdkVersion,
                  globals: Object.keys(globalThis).filter((name) => /chime/i.test(name)),
                };
              });
              if (cut) assert.deepEqual(found.names, names);
              else assert.ok(names.every((name) => found.names.includes(name)));
              assert.deepEqual(found.missing, []);
              assert.equal(found.left, "Left");
              assert.equal(found.devices, "function");
              assert.match(found.version, /^\d+\.\d+\.\d+/);
              assert.deepEqual(found.globals, ["ChimeSDK"]);
              // The policy reports eval, inline code and other origins here.
              const complaints = phone.console.filter((line) => line.startsWith("error"));
              assert.deepEqual(complaints.filter((line) => !line.includes("favicon")), []);
              assert.deepEqual(phone.errors, []);
            } finally {
              await phone.close();
            }
          });
        });
      }
    } finally {
      await cdn.close();
    }
  },
);
