import { createBrand, NO_BRAND } from "../page/brand.ts";
import assert from "node:assert/strict";
import {
  contentSecurityPolicy,
  documentHeaders,
  metaContentSecurityPolicy,
} from "./security_headers.ts";

const settings = {
  sdk: { url: "https://cdn.example.org/sdk.js" },
  chime: {},
  publicUrl: "https://visit.example.org/functions/v1/chime-page",
  frameAncestors: [] as string[],
  brand: NO_BRAND,
};
const call = { scripts: ["sha256-s"], styles: ["sha256-c"], call: "fr" as const };

Deno.test("a page with a call may load only its own files and the SDK, and connect only to Chime", () => {
  const policy = contentSecurityPolicy(settings, call);
  assert.match(policy, /^default-src 'none'; /);
  assert.match(
    policy,
    /script-src 'sha256-s' https:\/\/visit\.example\.org\/functions\/v1\/chime-page\/files\/lobby-fr-[0-9a-f]{16}\.js https:\/\/visit\.example\.org\/functions\/v1\/chime-page\/files\/call-fr-[0-9a-f]{16}\.js https:\/\/cdn\.example\.org\/sdk\.js;/,
  );
  assert.match(
    policy,
    /connect-src 'self' https:\/\/visit\.example\.org https:\/\/\*\.chime\.aws wss:\/\/\*\.chime\.aws;/,
  );
  assert.doesNotMatch(policy, /unsafe|127\.0\.0\.1|\*(?!\.chime)/);
});

Deno.test("only origins in the settings may frame the page, and the meta tag does not mention them", () => {
  assert.match(contentSecurityPolicy(settings, call), /frame-ancestors 'none'$/);
  const framed = { ...settings, frameAncestors: ["https://app.example.org"] };
  assert.match(contentSecurityPolicy(framed, call), /frame-ancestors https:\/\/app\.example\.org$/);
  assert.doesNotMatch(metaContentSecurityPolicy(framed, call), /frame-ancestors/);
});

Deno.test("the Chime stand-in is allowed only if an endpoint is set", () => {
  const endpoint = { ...settings, chime: { endpoint: "http://127.0.0.1:4321" } };
  assert.match(contentSecurityPolicy(endpoint, call), /http:\/\/127\.0\.0\.1:4321 ws:\/\/127/);
});

Deno.test("a problem page may neither use the camera nor connect to anything", () => {
  const headers = documentHeaders(settings, { scripts: [], styles: ["sha256-c"], call: null });
  assert.match(headers["Permissions-Policy"] ?? "", /^camera=\(\), microphone=\(\)/);
  const policy = headers["Content-Security-Policy"] ?? "";
  assert.match(policy, /script-src 'none'/);
  assert.doesNotMatch(policy, /connect-src/);
});

Deno.test("a countdown may ask its own server whether it answers, and connect to nothing else", () => {
  const document = { scripts: ["sha256-s"], styles: ["sha256-c"], call: null };
  const policy = contentSecurityPolicy(settings, document);
  assert.match(policy, /connect-src 'self' https:\/\/visit\.example\.org;/);
  assert.match(policy, /script-src 'sha256-s';/);
});

Deno.test("the clinic's brand style is allowed by its hash in every document", () => {
  const brand = createBrand({ colour: "#0b6b58" });
  const policy = contentSecurityPolicy({ ...settings, brand }, {
    scripts: [],
    styles: ["sha256-c"],
    call: null,
  });
  assert.ok(policy.includes(`style-src 'sha256-c' '${brand.style?.hash}'`), policy);
});
