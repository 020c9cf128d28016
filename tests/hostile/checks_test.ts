/** Every figure of `deno task hostile` counts a fault that is planted here. */
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { jwtVerify } from "jose";
import { publishKeys } from "../support/issuer.ts";
import { answerFaults, type Asked, logFault } from "./answers.ts";
import { apartFault, orphans } from "./ends.ts";
import { createSigner } from "./forge.ts";
import { startGate } from "./gate.ts";
import { type Fixtures, makeCase } from "./input_cases.ts";
import { MARKER } from "./marker.ts";
import { askAll } from "./inputs.ts";
import { createKiller } from "./killer.ts";
import { endedFault, joinedFault } from "./kills.ts";
import { createRandom } from "../support/random.ts";
import { exitCode, type Figure, isGood, renderTable, Tally } from "./report.ts";
import { rushFigures } from "./rush.ts";
import { askOddly } from "./sockets.ts";
import { openingFault, spentFault, strangerFault } from "./spends.ts";
import { costFigure } from "./token_flood.ts";
import { attackFault } from "./token_places.ts";
import { attacksOn } from "./token_attacks.ts";

const HEADERS = {
  "Cache-Control": "no-store",
  "Referrer-Policy": "no-referrer",
  "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
  "X-Content-Type-Options": "nosniff",
  "X-Request-Id": "0b0c2b1e-6f62-4c38-9f0e-0a4c1f6f3d11",
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers": "Retry-After, X-Request-Id",
};
const PROBLEM = {
  type: "urn:chime-page:problem:bad-request",
  title: "Title",
  detail: "Detail",
  nextStep: "Next",
  status: 400,
  requestId: HEADERS["X-Request-Id"],
};
const asked: Asked = { method: "GET", marker: MARKER, prefetch: false };

/** An answer as the function gives it, with changes. */
function answer(
  status: number,
  body: string,
  headers: Record<string, string | undefined> = {},
) {
  const all = { ...HEADERS, "Content-Type": "application/problem+json", ...headers };
  const given = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as [string, string]]
  );
  return { status, headers: new Headers(given), body: new TextEncoder().encode(body) };
}
const problem = (changes: Record<string, unknown> = {}) =>
  JSON.stringify({ ...PROBLEM, ...changes });
const checksOf = (
  one: ReturnType<typeof answer>,
  request = asked,
) => [...answerFaults(request, one).keys()];

Deno.test("a right problem and a right answer have no fault", () => {
  assert.deepEqual(checksOf(answer(400, problem())), []);
  assert.deepEqual(checksOf(answer(200, "{}", { "Content-Type": "application/json" })), []);
});

Deno.test("an unexpected 5xx is counted, a 503 only of a browser that did not fetch ahead", () => {
  const body = problem({ status: 502, type: "urn:chime-page:problem:upstream-unavailable" });
  assert.deepEqual(checksOf(answer(502, body)), ["unexpected 5xx"]);
  const busy = answer(503, problem({ status: 503 }));
  assert.deepEqual(checksOf(busy), ["unexpected 5xx"]);
  assert.deepEqual(checksOf(busy, { ...asked, prefetch: true }), []);
});

Deno.test("bare errors are counted", () => {
  const bare = {
    text: answer(400, "Bad request", { "Content-Type": "text/plain" }),
    empty: answer(404, "", { "Content-Type": undefined }),
    "another status": answer(404, problem()),
    "no reference": answer(400, problem({ requestId: "" })),
    "no next step": answer(400, problem({ nextStep: undefined })),
    "no JSON": answer(400, HEADERS["X-Request-Id"]),
  };
  for (const [name, one] of Object.entries(bare)) {
    assert.deepEqual(checksOf(one), ["bare errors"], name);
  }
});

Deno.test("input that comes back is counted, in bodies, compressed or not, and in headers", () => {
  assert.deepEqual(checksOf(answer(400, problem({ detail: `<b>${MARKER}` }))), ["reflected input"]);
  const packed = {
    ...answer(400, "", { "Content-Encoding": "gzip" }),
    body: Uint8Array.from(gzipSync(problem({ detail: MARKER }))),
  };
  assert.deepEqual(checksOf(packed), ["reflected input"]);
  const header = { "X-Echo": `a ${MARKER.toUpperCase()}` };
  assert.deepEqual(checksOf(answer(400, problem(), header)), ["reflected input"]);
});

Deno.test("missing headers are counted, of documents too", () => {
  for (const name of Object.keys(HEADERS)) {
    const without = answer(200, "{}", { "Content-Type": "application/json", [name]: undefined });
    assert.deepEqual(checksOf(without), ["missing headers"], name);
  }
  const page = answer(200, "<!doctype html>", { "Content-Type": "text/html; charset=utf-8" });
  assert.deepEqual(checksOf(page), ["missing headers"]);
});

Deno.test("a stack trace is counted, and neither a time nor a document's own script is one", () => {
  const trace = "TypeError: x\n    at handler (file:///app/index.ts:1:2)";
  assert.deepEqual(checksOf(answer(400, problem({ detail: trace }))), ["stack traces"]);
  assert.deepEqual(checksOf(answer(400, problem({ detail: "You can join at 3:26 (in 5)" }))), []);
  const page = `<!doctype html><script>at x (y</script>${HEADERS["X-Request-Id"]}`;
  const headers = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Permissions-Policy": "camera=()",
    "X-Robots-Tag": "noindex",
  };
  assert.deepEqual(checksOf(answer(403, page, headers)), []);
});

Deno.test("what must not be in the log is counted", () => {
  const line = (fields: object) => JSON.stringify({ at: "2026-01-01T00:00:00Z", ...fields });
  const needles = ["Zqname"];
  assert.equal(logFault(line({ route: "/chime-page/:id", ms: 3 }), needles), undefined);
  for (
    const bad of [
      line({ reason: "unknown zqname" }),
      line({ reason: "a".repeat(43) }),
      line({ token: "eyJhbGciOiJFUzI1NiJ9.e30.x" }),
      line({ error: "at handler (file:///app/index.ts:1:2)" }),
      "TypeError: Cannot read properties of undefined",
    ]
  ) assert.notEqual(logFault(bad, needles), undefined, bad);
});

const FIXTURES: Fixtures = {
  visits: [{ id: createRandom(1).uuid(), tokens: ["t"], sessions: ["s"], passes: ["p"] }],
  closed: [{ id: createRandom(2).uuid(), tokens: ["t"], sessions: ["s"], passes: ["p"] }],
  badTokens: ["bad"],
  publicKey: "key",
  files: ["call.js"],
};

Deno.test("the same seed makes the same requests, another one others", () => {
  const make = (seed: number) =>
    Array.from({ length: 50 }, (_, i) => makeCase(createRandom(seed, i), FIXTURES));
  assert.deepEqual(make(7), make(7));
  assert.notDeepEqual(make(7), make(8));
});

/** A server on loopback for the time of one test. */
async function serving(
  handler: (request: Request) => Response | Promise<Response>,
  work: (port: number) => Promise<void>,
) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, handler);
  try {
    await work(server.addr.port);
  } finally {
    await server.shutdown();
  }
}

/** Figures by check: how many were bad. */
const badOf = (figures: readonly Figure[]) =>
  Object.fromEntries(figures.map(({ check, bad }) => [check, bad]));

Deno.test("a server that fails in every way has every figure of the inputs bad", async () => {
  await serving((request) => {
    const body = `${request.url} at handler (file:///app/index.ts:1:2)`;
    return new Response(`${MARKER} ${body}`.slice(0, 2_000), { status: 500 });
  }, async (port) => {
    const figures = badOf(await askAll(FIXTURES, [port], 1, 200));
    for (const [check, bad] of Object.entries(figures)) {
      if (check !== "requests without an answer") assert.ok(bad > 0, check);
    }
    assert.equal(figures["requests without an answer"], 0);
    assert.ok((await askOddly([port], 1, 20)).bad > 0);
  });
});

Deno.test("a server that drops connections leaves requests without an answer", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const dropping = (async () => {
    for await (const connection of listener) connection.close();
  })();
  const figures = badOf(await askAll(FIXTURES, [listener.addr.port], 1, 10));
  assert.equal(figures["requests without an answer"], 10);
  listener.close();
  await dropping;
});

Deno.test("attacks that get in, or break the function, are counted", () => {
  const fault = (status: number, headers = {}) =>
    attackFault("attack", new Response(null, { status, headers }));
  assert.equal(fault(401), undefined);
  assert.equal(fault(503, { "Retry-After": "5" }), undefined);
  for (const status of [200, 201, 429, 500, 502, 503]) assert.notEqual(fault(status), undefined);
});

Deno.test("a verifier that checks signatures alone lets attacks in by their claims, none by their keys", async () => {
  const names = { issuer: "https://a.example", audience: "a", alg: "ES256", kid: "1" } as const;
  const target = await createSigner({ ...names, subject: "person" });
  const forger = await createSigner({ ...names, subject: "person" });
  const neighbour = await createSigner({ ...names, issuer: "https://b.example", subject: "other" });
  const plan = { target, forger, neighbour, attackerUrl: "http://127.0.0.1:1", roles: true };
  const attacks = await attacksOn(plan);
  assert.equal(new Set(attacks.map(({ name }) => name)).size, attacks.length);
  const key = await crypto.subtle.importKey(
    "jwk",
    target.publicJwk as JsonWebKey,
    { name: "ECDSA", namedCurve: "P-256" },
    false,
    ["verify"],
  );
  const letIn: string[] = [];
  for (const { name, token } of attacks) {
    try {
      await jwtVerify(token, key, { currentDate: new Date(1) });
      letIn.push(name);
    } catch {
      // Refused.
    }
  }
  assert.ok(letIn.includes("issuer of another project"));
  assert.ok(letIn.includes("the service role"));
  for (const name of ["no signature", "the public key as a secret", "its own key"]) {
    assert.ok(!letIn.includes(name), name);
  }
  assert.ok((await jwtVerify(await target.sign({}), key)).payload.sub === "person");
});

Deno.test("calls upstream beyond the bound are counted", () => {
  assert.equal(costFigure("calls", 200, 5, 5).bad, 0);
  assert.equal(costFigure("calls", 200, 199, 5).bad, 194);
});

Deno.test("a link spent twice, by nobody, or by somebody else is counted", () => {
  assert.equal(spentFault(1), undefined);
  assert.notEqual(spentFault(0), undefined);
  assert.notEqual(spentFault(2), undefined);
  assert.notEqual(spentFault(2, true), undefined);
  assert.equal(spentFault(0, true), undefined);
  assert.equal(openingFault(503), undefined);
  assert.notEqual(openingFault(500), undefined);
  assert.equal(strangerFault({ participantId: "a" }, null), undefined);
  assert.equal(
    strangerFault({ participantId: "a" }, { participantId: "a", session: "" }),
    undefined,
  );
  assert.notEqual(
    strangerFault({ participantId: "a" }, { participantId: "b", session: "" }),
    undefined,
  );
});

Deno.test("orphaned meetings and people apart are counted", () => {
  assert.deepEqual(orphans(new Set(["a", "b"]), new Set(["a"])), ["b"]);
  assert.equal(apartFault(["a", "a", "ended", null], new Set(["a"])), undefined);
  assert.notEqual(apartFault(["a", "b"], new Set(["a", "b"])), undefined);
});

Deno.test("what is not healed after a death is counted", () => {
  const right = { mine: "a", patients: "a", made: ["a"], live: new Set(["a"]) };
  assert.equal(joinedFault(right), undefined);
  for (
    const wrong of [
      { ...right, made: ["a", "b"] },
      { ...right, live: new Set<string>() },
      { ...right, patients: "b" },
      { ...right, patients: undefined },
    ]
  ) assert.notEqual(joinedFault(wrong), undefined);
  assert.equal(endedFault(204, new Set()), undefined);
  assert.notEqual(endedFault(502, new Set()), undefined);
  assert.notEqual(endedFault(204, new Set(["a"])), undefined);
});

Deno.test("a process dies at the very call that is named, and the call after it has taken effect", async () => {
  const served: string[] = [];
  await serving((request) => {
    served.push(new URL(request.url).pathname);
    return new Response("done");
  }, async (port) => {
    for (const [moment, reached] of [["before", ["/1"]], ["after", ["/1", "/2"]]] as const) {
      served.length = 0;
      const killer = createKiller();
      const gate = startGate(killer.watch);
      gate.leadTo(`http://127.0.0.1:${port}`);
      const child = new Deno.Command(Deno.execPath(), {
        args: ["eval", "await Deno.stdin.readable.getReader().read()"],
        stdin: "piped",
      }).spawn();
      const call = await killer.during(2, moment, child.pid, async () => {
        await (await fetch(`${gate.url}/1`)).body?.cancel();
        await (await fetch(`${gate.url}/2`)).body?.cancel();
      });
      assert.equal(call?.path, "/2");
      assert.equal((await child.status).signal, "SIGKILL");
      await child.stdin.close().catch(() => {});
      assert.deepEqual(served, reached);
      assert.equal(await killer.during(2, moment, child.pid, () => fetch(gate.url)), undefined);
      await gate.stop();
    }
  });
});

Deno.test("people who are not in, apart, or in needless meetings are counted", () => {
  const at = (meetingId?: string) => ({ meetingId, seconds: 1 });
  const bad = (visits: Parameters<typeof rushFigures>[0], live: readonly string[]) =>
    rushFigures(visits, new Set(live)).map((figure) => figure.bad);
  assert.deepEqual(bad([[at("a"), at("a")]], ["a"]), [0, 0, 0]);
  assert.deepEqual(bad([[at("a"), at()]], ["a"]), [1, 1, 0]);
  assert.deepEqual(bad([[at("a"), at("b")]], ["a", "b"]), [0, 1, 1]);
  assert.deepEqual(bad([[at("a"), at("a")]], []), [2, 0, 1]);
});

Deno.test("a table with a bad figure, or one that tried nothing, ends with exit code 1", () => {
  const tally = new Tally("check");
  const row = () => ({ ...tally.figure(), part: "part", seconds: 1 });
  assert.equal(isGood(tally.figure()), false);
  assert.equal(exitCode([row()]), 1);
  tally.add("here", undefined);
  assert.equal(exitCode([row()]), 0);
  tally.add("there", "broken");
  tally.add("there too", "broken");
  assert.equal(exitCode([row()]), 1);
  assert.match(renderTable([row()]), /\| part +\| check +\| 3 +\| 2 +\| 1\.0 +\| BAD/);
  assert.match(renderTable([row()]), /broken \(2x, first: there\)/);
  assert.equal(exitCode([]), 1);
});

Deno.test("keys that are fetched from an attacker are seen", async () => {
  const attacker = publishKeys(
    await createSigner({
      issuer: "https://a.example",
      audience: "a",
      alg: "ES256",
      kid: "1",
      subject: "person",
    }),
  );
  await (await fetch(attacker.url)).body?.cancel();
  assert.equal(attacker.asked(), 1);
  await attacker.stop();
});
