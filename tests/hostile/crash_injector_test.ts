import assert from "node:assert/strict";
import { startProxy } from "./recording_proxy.ts";
import { createCrashInjector } from "./crash_injector.ts";
import { withServer } from "../support/with_server.ts";

Deno.test("a process crashes exactly at the chosen call, before or after it takes effect", async () => {
  const served: string[] = [];
  await withServer((request) => {
    served.push(new URL(request.url).pathname);
    return new Response("done");
  }, async (port) => {
    for (const [moment, reached] of [["before", ["/1"]], ["after", ["/1", "/2"]]] as const) {
      served.length = 0;
      const crashes = createCrashInjector();
      const proxy = startProxy(crashes.hooks);
      proxy.forwardTo(`http://127.0.0.1:${port}`);
      const child = new Deno.Command(Deno.execPath(), {
        args: ["eval", "await Deno.stdin.readable.getReader().read()"],
        stdin: "piped",
      }).spawn();
      const call = await crashes.crashAt(2, moment, child.pid, async () => {
        await (await fetch(`${proxy.url}/1`)).body?.cancel();
        await (await fetch(`${proxy.url}/2`)).body?.cancel();
      });
      assert.equal(call?.path, "/2");
      assert.equal((await child.status).signal, "SIGKILL");
      await child.stdin.close().catch(() => {});
      assert.deepEqual(served, reached);
      assert.equal(await crashes.crashAt(2, moment, child.pid, () => fetch(proxy.url)), undefined);
      await proxy.stop();
    }
  });
});
