import assert from "node:assert/strict";
import { good } from "../testing/settings.ts";
import { readSettings } from "./settings.ts";

Deno.test("the required settings are enough, and the others have defaults", () => {
  const read = readSettings(good);
  assert.ok(read.ok);
  const { value } = read;
  assert.equal(value.chime.region, "eu-central-1");
  assert.equal(value.chime.mediaRegion, "eu-central-1");
  assert.deepEqual(
    [value.opensBeforeMinutes, value.closesAfterMinutes, value.waitingRoom, value.passMinutes],
    [15, 60, true, 2],
  );
  assert.equal(value.deadlineMs, 10_000);
  const patient = readSettings({ ...good, CHIME_PAGE_DEADLINE_SECONDS: "60" });
  assert.equal(patient.ok && patient.value.deadlineMs, 60_000);
  assert.equal(value.publicUrl, "https://visit.example.org/functions/v1/chime-page");
  assert.deepEqual(value.frameAncestors, []);
});

Deno.test("all invalid settings are listed by name, without their values", () => {
  const read = readSettings({
    CHIME_SDK_CDN_URL: "http://cdn.example.org/x.js",
    AWS_SECRET_ACCESS_KEY: "hunter2",
    CHIME_REGION: "Frankfurt",
    CHIME_PAGE_FRAME_ANCESTORS: "https://app.example.org *",
    CHIME_PAGE_TRUSTED_ISSUERS: "{not json",
    CHIME_PAGE_WAITING_ROOM: "maybe",
    CHIME_PAGE_LEGACY_EVENTS: "yes",
    CHIME_PAGE_BRAND_COLOR: "teal",
    CHIME_PAGE_BRAND_LOGO: "https://clinic.example/logo.png",
    CHIME_PAGE_BRAND_NAME: "Clinic\u202e",
    CHIME_PAGE_OPENS_BEFORE_MINUTES: "-5",
    CHIME_PAGE_PASS_MINUTES: "11",
    CHIME_PAGE_DEADLINE_SECONDS: "61",
    SUPABASE_URL: "https://project.supabase.co",
  });
  assert.ok(!read.ok);
  assert.deepEqual(read.error, [
    "AWS_ACCESS_KEY_ID",
    "CHIME_PAGE_BRAND_COLOR",
    "CHIME_PAGE_BRAND_LOGO",
    "CHIME_PAGE_BRAND_NAME",
    "CHIME_PAGE_DEADLINE_SECONDS",
    "CHIME_PAGE_FRAME_ANCESTORS",
    "CHIME_PAGE_LEGACY_EVENTS",
    "CHIME_PAGE_OPENS_BEFORE_MINUTES",
    "CHIME_PAGE_PASS_MINUTES",
    "CHIME_PAGE_PUBLIC_URL",
    "CHIME_PAGE_TRUSTED_ISSUERS",
    "CHIME_PAGE_WAITING_ROOM",
    "CHIME_REGION",
    "CHIME_SDK_CDN_URL",
    "SUPABASE_SECRET_KEYS",
  ]);
  assert.doesNotMatch(JSON.stringify(read), /hunter2|Frankfurt/);
});

Deno.test("the named secret key takes precedence over the legacy one, and malformed JSON is invalid", () => {
  const legacy = { ...good, SUPABASE_SERVICE_ROLE_KEY: "legacy" };
  const named = readSettings(legacy);
  assert.ok(named.ok && named.value.supabase.key === "sb_secret_x");
  const old = readSettings({ ...legacy, SUPABASE_SECRET_KEYS: undefined });
  assert.ok(old.ok && old.value.supabase.key === "legacy");
  const torn = readSettings({ ...legacy, SUPABASE_SECRET_KEYS: '{"default":' });
  assert.deepEqual(torn, { ok: false, error: ["SUPABASE_SECRET_KEYS"] });
});

Deno.test("the lobby is on unless it is turned off", () => {
  const lobby = (value?: string) => {
    const read = readSettings({ ...good, CHIME_PAGE_LOBBY: value });
    return read.ok ? read.value.lobby : read.error;
  };
  assert.deepEqual([lobby(), lobby("on"), lobby("off")], [true, true, false]);
  assert.deepEqual(lobby("no"), ["CHIME_PAGE_LOBBY"]);
});

Deno.test("legacy events are off unless they are turned on", () => {
  const legacy = (value?: string) => {
    const read = readSettings({ ...good, CHIME_PAGE_LEGACY_EVENTS: value });
    return read.ok && read.value.legacyEvents;
  };
  assert.deepEqual([legacy(), legacy("off"), legacy("on")], [false, false, true]);
});

Deno.test("the public URL is derived from the project's in development and required on the platform", () => {
  const without = { ...good, CHIME_PAGE_PUBLIC_URL: undefined };
  const local = readSettings({ ...without, SUPABASE_URL: "http://127.0.0.1:54321" });
  assert.ok(local.ok);
  assert.equal(local.value.publicUrl, "http://127.0.0.1:54321/functions/v1/chime-page");
  // `https:` is a hosted project; the other one is what a function sees in the CLI's network.
  for (const SUPABASE_URL of ["https://project.supabase.co", "http://kong:8000"]) {
    assert.deepEqual(readSettings({ ...without, SUPABASE_URL }), {
      ok: false,
      error: ["CHIME_PAGE_PUBLIC_URL"],
    });
  }
});

Deno.test("SB_EXECUTION_ID, which the CLI's runtime sets too, does not mean a hosted project", () => {
  const read = readSettings({
    ...good,
    CHIME_PAGE_PUBLIC_URL: undefined,
    SUPABASE_URL: "http://127.0.0.1:54321",
    SB_EXECUTION_ID: "x",
  });
  assert.ok(read.ok);
  assert.equal(read.value.publicUrl, "http://127.0.0.1:54321/functions/v1/chime-page");
});

Deno.test("an SDK file that is not in the manifest needs the setting for its hash", () => {
  const url = "https://cdn.example.org/chime-sdk-9.9.9-ffff.min.js";
  assert.deepEqual(readSettings({ ...good, CHIME_SDK_CDN_URL: url }), {
    ok: false,
    error: ["CHIME_SDK_INTEGRITY"],
  });
});
