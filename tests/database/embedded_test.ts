import assert from "node:assert/strict";
import { openDatabase } from "../../dev/supabase/database.ts";
import { callerOf, clientOf, makeVisit, newToken, noon, startEmpty } from "../support/database.ts";

const supabase = await startEmpty();
const { sql } = supabase;
Deno.test.afterAll(() => supabase.close());

Deno.test("simultaneous calls with different keys keep their own roles", async () => {
  const visit = await makeVisit(sql);
  const anonymous = clientOf(supabase, supabase.publishableKey);
  const call = callerOf(supabase);
  const opening = { p_appointment: visit.id, p_now: noon, p_subject: visit.provider };
  const outcomes = await Promise.all(Array.from({ length: 30 }, async (_, index) => {
    if (index % 3 === 0) return (await anonymous.rpc("chime_page_open", opening)).error?.code;
    if (index % 3 === 1) return (await sql("select current_user::text as name"))[0]?.["name"];
    return (await call("open", { ...opening, p_claim: newToken() })).outcome;
  }));
  const expected = ["42501", "postgres", "found"];
  assert.deepEqual(outcomes, outcomes.map((_, index) => expected[index % 3]));
});

Deno.test("work on the embedded database never overlaps, and continues after a failure", async () => {
  const database = await openDatabase({ kind: "pglite" });
  let running = 0;
  const work = async (index: number) => {
    running++;
    await new Promise((resolve) => setTimeout(resolve));
    running--;
    if (index === 1) throw new Error("failed");
    return running;
  };
  const results = await Promise.allSettled(
    [0, 1, 2].map((index) => database.exclusively(() => work(index))),
  );
  await database.close();
  assert.deepEqual(results.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
  assert.deepEqual(results.map((result) => "value" in result && result.value), [0, false, 0]);
});

Deno.test("neither a start nor a failing statement changes the exit code of the process", async () => {
  assert.equal(Deno.exitCode, 0);
  await assert.rejects(sql("select 1 / 0"));
  assert.equal(Deno.exitCode, 0);
});

Deno.test("a wrong password and a forged token are refused", async () => {
  const client = clientOf(supabase, supabase.publishableKey);
  const email = "somebody@example.org";
  const signedUp = await client.auth.signUp({ email, password: "right-password" });
  const token = signedUp.data.session?.access_token ?? "";
  assert.equal((await client.auth.getClaims(token)).data?.claims.email, email);
  await assert.rejects(supabase.signIn(email, "wrong-password"), /Cannot sign in/);
  const [header, payload = "", signature] = token.split(".");
  const forged = btoa(atob(payload).replace(email, "another@example.org")).replaceAll("=", "");
  const { data, error } = await client.auth.getClaims([header, forged, signature].join("."));
  assert.deepEqual([data, error === null], [null, false]);
});

Deno.test("after closing nothing listens any more", async () => {
  const other = await startEmpty();
  await other.close();
  await assert.rejects(fetch(`${other.url}/rest/v1/`));
});
