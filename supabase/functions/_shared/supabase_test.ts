import assert from "node:assert/strict";
import { createTokenCheck } from "./supabase.ts";

/** What a token check says when the Auth server answers like this. */
async function checked(answer: () => Response): Promise<string> {
  const seen: (string | null)[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    ({ url, headers }) => {
      seen.push(url, headers.get("apikey"), headers.get("authorization"));
      return answer();
    },
  );
  const url = `http://127.0.0.1:${server.addr.port}/`;
  try {
    const result = await createTokenCheck({ url, key: "sb_secret_x", timeoutMs: 5_000 })("token");
    assert.deepEqual(seen, [`${url}auth/v1/user`, "sb_secret_x", "Bearer token"]);
    return result;
  } finally {
    await server.shutdown();
  }
}

Deno.test("the Auth server's answer decides about a legacy token", async () => {
  const status = (code: number) => () => Response.json({ code }, { status: code });
  assert.equal(await checked(() => Response.json({ id: "person" })), "accepted");
  for (const code of [400, 401, 403, 404]) assert.equal(await checked(status(code)), "refused");
  assert.equal(await checked(status(429)), "busy");
  for (const code of [500, 502, 503, 520]) assert.equal(await checked(status(code)), "unavailable");
  assert.equal(await checked(() => new Response("<html>Gateway</html>")), "unavailable");
  assert.equal(
    await checked(() => new Response("<html>Forbidden</html>", { status: 403 })),
    "refused",
  );
});

Deno.test("an Auth server that cannot be reached says nothing about a token", async () => {
  const check = createTokenCheck({ url: "http://127.0.0.1:1", key: "key", timeoutMs: 5_000 });
  assert.equal(await check("token"), "unavailable");
});
