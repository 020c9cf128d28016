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

Deno.test("with a Chime stand-in the page may connect to where the meeting is, not to the endpoint", () => {
  const standIn = { ...settings, chime: { endpoint: "http://host.docker.internal:8090" } };
  const placement = {
    AudioHostUrl: "127.0.0.1:8090",
    AudioFallbackUrl: "ws://127.0.0.1:8090/calls/m",
    SignalingUrl: "ws://127.0.0.1:8090/control/m",
    TurnControlUrl: "http://127.0.0.1:8090/v2/turn_sessions",
  };
  const sourcesOf = (policy: string) => /connect-src ([^;]*)/.exec(policy)?.[1]?.split(" ") ?? [];
  const chime = ["https://*.chime.aws", "wss://*.chime.aws"];
  const own = ["'self'", "https://visit.example.org", ...chime];
  const policy = contentSecurityPolicy(standIn, { ...call, placement });
  assert.deepEqual(sourcesOf(policy), [...own, "ws://127.0.0.1:8090", "http://127.0.0.1:8090"]);
  // Before the meeting is known, as in the waiting room.
  const waiting = contentSecurityPolicy(standIn, call);
  assert.deepEqual(sourcesOf(waiting), [...own, "http://127.0.0.1:*", "ws://127.0.0.1:*"]);
  // Without a stand-in, only Amazon's own hosts.
  assert.deepEqual(sourcesOf(contentSecurityPolicy(settings, { ...call, placement })), own);
});

Deno.test("an address in a placement cannot add to the policy", () => {
  const standIn = { ...settings, chime: { endpoint: "http://127.0.0.1:8090" } };
  const placement = {
    AudioHostUrl: "x",
    AudioFallbackUrl: "ws://a;script-src/x",
    SignalingUrl: "ws://a,b'c/x",
    TurnControlUrl: "not a url",
  };
  const policy = contentSecurityPolicy(standIn, { ...call, placement });
  assert.match(policy, /wss:\/\/\*\.chime\.aws;/);
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
