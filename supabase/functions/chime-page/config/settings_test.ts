import assert from "node:assert/strict";
import { sdkFile } from "./sdk_file.ts";
import { SDK_FILES } from "./sdk_manifest.generated.ts";
import { readSettings } from "./settings.ts";

const sri = `sha384-${"A".repeat(64)}`;
const good = {
  CHIME_SDK_CDN_URL: "https://cdn.example.org",
  AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "secret-of-aws",
  SUPABASE_URL: "https://project.supabase.co",
  SUPABASE_SECRET_KEYS: '{"default":"sb_secret_x"}',
  CHIME_PAGE_PUBLIC_URL: "https://visit.example.org/functions/v1/chime-page/",
};

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
    SUPABASE_URL: "https://project.supabase.co",
    SB_EXECUTION_ID: "hosted",
  });
  assert.ok(!read.ok);
  assert.deepEqual(read.error, [
    "AWS_ACCESS_KEY_ID",
    "CHIME_PAGE_BRAND_COLOR",
    "CHIME_PAGE_BRAND_LOGO",
    "CHIME_PAGE_BRAND_NAME",
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
  assert.deepEqual(readSettings({ ...without, SB_EXECUTION_ID: "x" }), {
    ok: false,
    error: ["CHIME_PAGE_PUBLIC_URL"],
  });
});

Deno.test("a bare CDN origin means the current file, with its hash from the manifest", () => {
  const { file, integrity } = SDK_FILES[0];
  const expected = { url: `https://cdn.example.org/${file}`, integrity };
  assert.deepEqual(sdkFile("https://cdn.example.org", undefined), expected);
  assert.deepEqual(sdkFile("https://cdn.example.org/", undefined), expected);
  assert.deepEqual(sdkFile(`https://cdn.example.org/a/${file}`, integrity), {
    url: `https://cdn.example.org/a/${file}`,
    integrity,
  });
});

Deno.test("a file that is not in the manifest needs a hash, and a known file accepts no other hash", () => {
  const url = "https://cdn.example.org/chime-sdk-9.9.9-ffff.min.js";
  assert.equal(sdkFile(url, undefined), undefined);
  assert.deepEqual(sdkFile(url, sri), { url, integrity: sri });
  assert.equal(sdkFile("https://cdn.example.org", sri), undefined);
  assert.deepEqual(readSettings({ ...good, CHIME_SDK_CDN_URL: url }), {
    ok: false,
    error: ["CHIME_SDK_INTEGRITY"],
  });
});

/** Names of the invalid settings after some are changed. */
const faultsOf = (changes: Record<string, string | undefined>) => {
  const read = readSettings({ ...good, ...changes });
  return read.ok ? [] : read.error;
};

Deno.test("a URL that could break out of a header, a policy or markup is rejected at startup", () => {
  const names = [
    "CHIME_ENDPOINT",
    "CHIME_PAGE_PUBLIC_URL",
    "CHIME_SDK_CDN_URL",
    "CHIME_SDK_FALLBACK_URL",
    "SUPABASE_URL",
  ];
  for (const name of names) {
    for (
      const address of [
        "https://a.example/x.js\n",
        "https://a.example/x;script-src *",
        "https://a.example;sandbox",
        "https://a.example/x,y",
        "https://a.example/x y",
        "https://a.example/x?y=1",
        "https://a.example/x#y",
        "https://*.example",
        "https://user:secret@a.example",
      ]
    ) {
      assert.deepEqual(faultsOf({ [name]: address }), [name], `${name}=${address}`);
    }
  }
  for (
    const origins of [
      "https://a.example;sandbox",
      "https://*.example",
      "https://a.example/",
      "https://a.example https://b.example/x",
      "'self'",
    ]
  ) {
    assert.deepEqual(
      faultsOf({ CHIME_PAGE_FRAME_ANCESTORS: origins }),
      ["CHIME_PAGE_FRAME_ANCESTORS"],
      origins,
    );
  }
});

Deno.test("keys that are not valid in a header are rejected at startup", () => {
  for (
    const name of [
      "AWS_ACCESS_KEY_ID",
      "AWS_SECRET_ACCESS_KEY",
      "AWS_SESSION_TOKEN",
      "CHIME_PAGE_SUPABASE_ISSUER",
      "SUPABASE_ANON_KEY",
      "SUPABASE_SERVICE_ROLE_KEY",
    ]
  ) {
    for (const value of ["key\n", "k ey", "key\u0000", "kéy"]) {
      assert.deepEqual(faultsOf({ [name]: value }), [name], `${name}=${JSON.stringify(value)}`);
    }
  }
  for (const name of ["SUPABASE_SECRET_KEYS", "SUPABASE_PUBLISHABLE_KEYS"]) {
    assert.deepEqual(faultsOf({ [name]: '{"default":"key\\n"}' }), [name]);
  }
  assert.deepEqual(faultsOf({ SUPABASE_JWKS: '{"keys":["x"]}' }), ["SUPABASE_JWKS"]);
  assert.deepEqual(faultsOf({ SUPABASE_JWKS: '{"keys":[]}' }), []);
});

Deno.test("local URLs are rejected in a hosted project and accepted in development", () => {
  const issuers = (jwks: string) => JSON.stringify([{ issuer: "i", audience: "a", jwks }]);
  for (const host of ["127.0.0.1:54321", "localhost", "app.localhost", "[::1]:8000", "127.1"]) {
    for (const scheme of ["http", "https"]) {
      const address = `${scheme}://${host}/x`;
      for (const name of ["CHIME_ENDPOINT", "CHIME_PAGE_PUBLIC_URL", "CHIME_SDK_FALLBACK_URL"]) {
        assert.deepEqual(faultsOf({ [name]: address }), [name], address);
      }
      assert.deepEqual(faultsOf({ CHIME_SDK_CDN_URL: `${scheme}://${host}` }), [
        "CHIME_SDK_CDN_URL",
      ]);
      assert.deepEqual(faultsOf({ CHIME_PAGE_TRUSTED_ISSUERS: issuers(address) }), [
        "CHIME_PAGE_TRUSTED_ISSUERS",
      ]);
    }
  }
  const local = "http://127.0.0.1:54321";
  assert.deepEqual(
    faultsOf({
      CHIME_ENDPOINT: local,
      CHIME_PAGE_PUBLIC_URL: `${local}/functions/v1/chime-page`,
      CHIME_PAGE_TRUSTED_ISSUERS: issuers(`${local}/keys`),
      CHIME_SDK_CDN_URL: local,
      CHIME_SDK_FALLBACK_URL: `${local}/x.js`,
      // What a function sees in the Supabase CLI's network.
      SUPABASE_URL: "http://kong:8000",
    }),
    [],
  );
});

Deno.test("trusted issuers that cannot work or are ambiguous are rejected at startup", () => {
  const one = { issuer: "https://a.example", audience: "a", jwks: "https://a.example/keys?p=x" };
  const two = { ...one, issuer: "https://b.example" };
  const faults = (...issuers: unknown[]) =>
    faultsOf({ CHIME_PAGE_TRUSTED_ISSUERS: JSON.stringify(issuers) });
  assert.deepEqual(faults(one), []);
  assert.deepEqual(faults(one, { ...one, header: "x-a-token" }), []);
  assert.deepEqual(faults(one, { ...two, subjectPrefix: "b:" }), []);
  const bad = [
    ...[
      "authorization",
      "Authorization",
      "cookie",
      "host",
      "apikey",
      "content-type",
      "accept",
      "sec-fetch-site",
      "x-forwarded-for",
      "x-chime-page-front",
      "bad header",
    ].map((header) => [{ ...one, header }]),
    [one, two],
    [{ ...one, subjectPrefix: "a:" }, { ...two, subjectPrefix: "a:" }],
    [one, { ...one, header: "x-a-token", subjectPrefix: "a:" }],
    [{ ...one, subjectPrefix: "a" }],
    [{ ...one, subjectPrefix: "a:b:" }],
    [{ ...one, issuer: "https://a.example\n" }],
    [{ ...one, audience: "" }],
    [{ ...one, jwks: "http://a.example/keys" }],
    [{ ...one, jwks: "https://a.example/keys#x" }],
    // A misspelled key would be ignored silently.
    [{ ...one, subjectprefix: "a:" }],
  ];
  for (const issuers of bad) {
    assert.deepEqual(faults(...issuers), ["CHIME_PAGE_TRUSTED_ISSUERS"], JSON.stringify(issuers));
  }
});

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
