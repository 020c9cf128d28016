import assert from "node:assert/strict";
import { type Fixtures, makeCase } from "./input_cases.ts";
import { CANARY } from "./canary.ts";
import { sendAll } from "./inputs.ts";
import { createRandom } from "../support/random.ts";
import type { Figure } from "./report.ts";
import { breakConnections } from "./sockets.ts";
import { withServer } from "../support/with_server.ts";

const FIXTURES: Fixtures = {
  visits: [{ id: createRandom(1).uuid(), tokens: ["t"], sessions: ["s"], passes: ["p"] }],
  closed: [{ id: createRandom(2).uuid(), tokens: ["t"], sessions: ["s"], passes: ["p"] }],
  badTokens: ["bad"],
  publicKey: "key",
  files: ["call.js"],
};

Deno.test("the same seed makes the same requests, and another seed makes others", () => {
  const make = (seed: number) =>
    Array.from({ length: 50 }, (_, i) => makeCase(createRandom(seed, i), FIXTURES));
  assert.deepEqual(make(7), make(7));
  assert.notDeepEqual(make(7), make(8));
});

/** How many cases were bad, by check. */
const badOf = (figures: readonly Figure[]) =>
  Object.fromEntries(figures.map(({ check, bad }) => [check, bad]));

Deno.test("a server that fails in every way makes every figure of the inputs bad", async () => {
  await withServer((request) => {
    const body = `${request.url} at handler (file:///app/index.ts:1:2)`;
    return new Response(`${CANARY} ${body}`.slice(0, 2_000), { status: 500 });
  }, async (port) => {
    const figures = badOf(await sendAll(FIXTURES, [port], 1, 200));
    for (const [check, bad] of Object.entries(figures)) {
      if (check !== "requests without a response") assert.ok(bad > 0, check);
    }
    assert.equal(figures["requests without a response"], 0);
    assert.ok((await breakConnections([port], 1, 20)).bad > 0);
  });
});

Deno.test("requests whose connection is dropped count as requests without a response", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const dropping = (async () => {
    for await (const connection of listener) connection.close();
  })();
  const figures = badOf(await sendAll(FIXTURES, [listener.addr.port], 1, 10));
  assert.equal(figures["requests without a response"], 10);
  listener.close();
  await dropping;
});
