import assert from "node:assert/strict";
import { faultsOf, good } from "../testing/settings.ts";
import { readSettings } from "./settings.ts";

Deno.test("project tokens name the project's URL or the public one unless a setting overrides it", () => {
  const issuers = (changes: Record<string, string>) => {
    const read = readSettings({ ...good, ...changes });
    assert.ok(read.ok);
    const { issuers, anyLocalIssuer } = read.value.supabase;
    return [...issuers, anyLocalIssuer];
  };
  assert.deepEqual(issuers({}), [
    "https://project.supabase.co/auth/v1",
    "https://visit.example.org/auth/v1",
    false,
  ]);
  const own = "https://auth.example.org";
  assert.deepEqual(issuers({ CHIME_PAGE_SUPABASE_ISSUER: own }), [own, false]);
  const trusted = JSON.stringify([{ issuer: "i", audience: "a", jwks: "https://a.example/keys" }]);
  assert.deepEqual(
    issuers({ CHIME_PAGE_SUPABASE_ISSUER: "none", CHIME_PAGE_TRUSTED_ISSUERS: trusted }),
    [false],
  );
  assert.deepEqual(faultsOf({ CHIME_PAGE_SUPABASE_ISSUER: "none" }), [
    "CHIME_PAGE_SUPABASE_ISSUER",
  ]);
  const local = "http://127.0.0.1:54321/functions/v1/chime-page";
  assert.deepEqual(issuers({ SUPABASE_URL: "http://kong:8000", CHIME_PAGE_PUBLIC_URL: local }), [
    "http://kong:8000/auth/v1",
    "http://127.0.0.1:54321/auth/v1",
    true,
  ]);
});
