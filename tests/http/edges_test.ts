import assert from "node:assert/strict";
import { logLine, startTestStack, type TestStack } from "../support/visits.ts";
import { looseTest } from "../support/sanitizers.ts";

/** Requests that `fetch` cannot send, written to the function's socket as they are. */

const stack = await startTestStack();
const broken = await startTestStack({ environment: { CHIME_SDK_CDN_URL: "ftp://nowhere" } });
Deno.test.afterAll(async () => {
  await stack.stop();
  await broken.stop();
});

const ID = "a0000000-0000-4000-8000-000000000001";

interface Wish {
  readonly method?: string;
  readonly path: string;
  readonly host?: string;
  readonly accept?: string;
}

/** A response as it came over the socket. */
interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

async function ask(of: TestStack, wish: Wish): Promise<RawAnswer> {
  const { method = "GET", path, host = "visit.example.org", accept = "*/*" } = wish;
  const { hostname, port } = new URL(of.functions[0]?.url ?? "");
  const connection = await Deno.connect({ hostname, port: Number(port) });
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${host}`,
    `Accept: ${accept}`,
    // Uncompressed, and closed at the end of the response.
    "Connection: close",
    "Content-Length: 0",
  ];
  await connection.write(new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`));
  const text = await new Response(connection.readable).text();
  const [head = "", ...body] = text.split("\r\n\r\n");
  const [first = "", ...headers] = head.split("\r\n");
  return {
    status: Number(first.split(" ")[1]),
    headers: new Headers(headers.map((line): [string, string] => {
      const [name = "", ...value] = line.split(":");
      return [name, value.join(":").trim()];
    })),
    body: body.join("\r\n\r\n"),
  };
}

/** Checks a problem and its headers, as a page for people and as JSON for programs. */
async function checkProblem(of: TestStack, wish: Wish, status: number, name: string) {
  for (const accept of ["text/html", "*/*"]) {
    const answer = await ask(of, { ...wish, accept });
    const asked = `${wish.method ?? "GET"} ${wish.path.slice(0, 60)}`;
    assert.equal(answer.status, status, asked);
    const header = (key: string) => answer.headers.get(key) ?? "";
    assert.match(header("x-request-id"), /^[0-9a-f-]{36}$/, asked);
    assert.equal(header("cache-control"), "no-store", asked);
    // Pages with a form tell their own origin where it came from, and nobody else.
    assert.match(header("referrer-policy"), /^(?:no-referrer|same-origin)$/, asked);
    assert.equal(header("x-content-type-options"), "nosniff", asked);
    assert.match(header("strict-transport-security"), /max-age/, asked);
    assert.equal(header("access-control-allow-origin"), "*", asked);
    if (accept === "text/html") {
      assert.match(header("content-type"), /^text\/html/, asked);
      assert.match(header("content-security-policy"), /default-src 'none'/, asked);
    } else assert.equal(header("content-type"), "application/problem+json", asked);
    if (wish.method !== "HEAD") {
      assert.match(answer.body, accept === "text/html" ? /<!doctype html>/ : /urn:chime-page/);
    }
    const line = await logLine(of, header("x-request-id"));
    assert.equal(line["problem"], name, asked);
    assert.equal(line["error"], undefined, asked);
  }
}

looseTest("every path outside the function is a problem like any other", async () => {
  for (
    const path of [
      "/",
      "//",
      "//x/y",
      "/?pass=x",
      "/%ff",
      "/%00",
      "/chime-pagex",
      "/x/chime-page/health",
      "/chime-page/../health",
      `/${"a".repeat(60_000)}`,
      "http://elsewhere.example/x",
    ]
  ) {
    await checkProblem(stack, { path }, 404, "visit-not-found");
  }
  for (const method of ["HEAD", "POST", "PUT", "OPTIONS", "TRACE", "PROPFIND", "get", "FOO"]) {
    await checkProblem(stack, { method, path: "/" }, 404, "visit-not-found");
  }
});

looseTest("odd paths inside the function are problems too", async () => {
  for (
    const path of [
      "/chime-page",
      "/chime-page/",
      "/chime-page//health",
      "/chime-page/./health",
      "/chime-page//",
      `/chime-page/${"a/".repeat(20_000)}`,
      "/chime-page/files/__proto__",
      "/chime-page/files/..%2f..%2findex.ts",
    ]
  ) {
    await checkProblem(stack, { path }, 404, "visit-not-found");
  }
  for (
    const path of [
      "/chime-page/%00",
      "/chime-page/%E0%A4%A",
      "/chime-page/%",
      "/chime-page/\\..\\x",
      "/chime-page/..%2f",
      "/chime-page/texts/__proto__",
      "/chime-page/texts/%ff",
      `/chime-page/${ID}%0a`,
    ]
  ) {
    await checkProblem(stack, { path }, 400, "bad-request");
  }
  await checkProblem(
    stack,
    { path: `/chime-page/${ID}?pass=%&pass=%ff&lang=%E0` },
    401,
    "unauthenticated",
  );
  await checkProblem(stack, { path: `/chime-page/${ID}/` }, 401, "unauthenticated");
});

looseTest("a method that a route does not support is answered 405, whatever it is", async () => {
  for (const path of ["/chime-page/health", `/chime-page/${ID}`, `/chime-page/${ID}/status`]) {
    for (const method of ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "get", "FOO"]) {
      await checkProblem(stack, { method, path }, 405, "method-not-allowed");
    }
  }
  await checkProblem(
    stack,
    { method: "POST", path: "/chime-page/health" },
    405,
    "method-not-allowed",
  );
  for (const path of ["/chime-page/health", `/chime-page/${ID}`]) {
    const answer = await ask(stack, { method: "HEAD", path });
    assert.deepEqual([answer.status, answer.body], [200, ""]);
  }
});

looseTest("an unknown method is not copied into the log", async () => {
  const secret = "SECRET-WORD";
  const answer = await ask(stack, { method: secret, path: `/chime-page/${ID}` });
  const line = await logLine(stack, answer.headers.get("x-request-id"));
  assert.equal(line["method"], "other");
  assert.ok(!stack.log.some((text) => text.includes(secret)));
});

looseTest("a Host header that forms no URL is a bad request", async () => {
  for (const host of ["a b", "[", "%", "?", "x:99999"]) {
    await checkProblem(stack, { host, path: `/chime-page/${ID}?pass=x` }, 400, "bad-request");
  }
});

looseTest("a misconfigured function says so on every path", async () => {
  for (const path of ["/", "//x/y", "/%ff", "/chime-page", `/chime-page/${ID}`]) {
    for (const method of ["GET", "HEAD", "POST", "OPTIONS", "TRACE", "FOO"]) {
      await checkProblem(broken, { method, path }, 500, "misconfigured");
    }
  }
});

looseTest("none of these requests left a stack trace in the log", () => {
  for (const line of [...stack.log, ...broken.log]) assert.doesNotMatch(line, /^ +at |Error:/);
  return Promise.resolve();
});
