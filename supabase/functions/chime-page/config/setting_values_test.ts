import assert from "node:assert/strict";
import { faultsOf } from "../testing/settings.ts";

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

Deno.test("a Chime endpoint without encryption is accepted unless the project is hosted", () => {
  for (const host of ["host.docker.internal", "host.containers.internal", "172.17.0.1"]) {
    const CHIME_ENDPOINT = `http://${host}:8090`;
    const local = "http://127.0.0.1:54321/functions/v1/chime-page";
    const cli = { SUPABASE_URL: "http://kong:8000", CHIME_PAGE_PUBLIC_URL: local };
    assert.deepEqual(faultsOf({ CHIME_ENDPOINT, ...cli }), []);
    assert.deepEqual(faultsOf({ CHIME_ENDPOINT }), ["CHIME_ENDPOINT"]);
    // What browsers load needs encryption everywhere but on the person's own machine.
    assert.deepEqual(faultsOf({ CHIME_SDK_CDN_URL: CHIME_ENDPOINT, ...cli }), [
      "CHIME_SDK_CDN_URL",
    ]);
  }
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
