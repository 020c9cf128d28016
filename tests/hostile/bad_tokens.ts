import { encodeBytes, encodeJson, signBySecret } from "../support/jwt.ts";
import type { Issuer } from "../support/issuer.ts";

/** A token that must be refused, and why. */
export interface BadToken {
  readonly name: string;
  readonly token: string;
}

/** What the tokens are made from. */
export interface BadTokenPlan {
  /** The issuer whose tokens are forged or invalid. */
  readonly target: Issuer;
  /** Signs with another key under the same issuer, audience and key id. */
  readonly forger: Issuer;
  /** Another issuer that the function trusts. */
  readonly otherIssuer: Issuer;
  /** Where the attacker publishes keys; nobody may fetch them. */
  readonly attackerUrl: string;
  /** Whether the target's claims have roles (Supabase). */
  readonly roles: boolean;
}

/** Every bad token. */
export async function badTokensFor(plan: BadTokenPlan): Promise<readonly BadToken[]> {
  const tokens = [
    ...await badClaims(plan),
    ...await badHeaders(plan),
    ...await badKeys(plan),
    ...await badShapes(plan),
  ];
  return tokens.map(([name, token]) => ({ name, token }));
}

type Named = readonly [string, string];

/** Signed by the right key, with invalid claims. */
async function badClaims({ target, roles }: BadTokenPlan): Promise<Named[]> {
  const now = Math.floor(Date.now() / 1000);
  const { subject } = target;
  const foreign = "https://other-project.supabase.co/auth/v1";
  const bad: Record<string, unknown> = {
    "issuer of another project": { iss: foreign },
    "no issuer": { iss: undefined },
    "issuers in a list": { iss: [target.issuer] },
    "an issuer that begins the same": { iss: `${target.issuer}/.evil.example` },
    "issuer in an object": { iss: { toString: target.issuer } },
    "audience of another app": { aud: "another-app" },
    "no audience": { aud: undefined },
    "an empty list of audiences": { aud: [] },
    "a number as audience": { aud: 42 },
    "valid in an hour": { nbf: now + 3_600 },
    "valid from a word": { nbf: "later" },
    "issued tomorrow": { iat: now + 86_400, exp: now + 90_000 },
    "expired": { iat: now - 7_200, exp: now - 3_600 },
    "expired for ever": { exp: 0 },
    "expires at a negative time": { exp: -1 },
    "no expiry": { exp: undefined },
    "expiry null": { exp: null },
    "expiry never": { exp: "never" },
    "expiry as text": { exp: String(now + 3_600) },
    "expiry as an object": { exp: {} },
    "expiry in a list": { exp: [now + 3_600] },
    "expiry true": { exp: true },
    "no subject": { sub: undefined },
    "an empty subject": { sub: "" },
    "subject null": { sub: null },
    "a number as subject": { sub: 42 },
    "subjects in a list": { sub: [subject] },
    "an object as subject": { sub: { id: subject } },
    "a wildcard as subject": { sub: "%" },
    "claims that are a list": [1, 2],
    "claims that are a text": "claims",
    "claims that are null": null,
    ...(roles
      ? {
        "the public role": { role: "anon" },
        "the service role": { role: "service_role" },
      }
      : {}),
  };
  return await Promise.all(
    Object.entries(bad).map(async ([name, claims]) =>
      [name, await target.sign({ claims })] as const
    ),
  );
}

/** Signed by an attacker's key, which the header tries to introduce. */
async function badHeaders(plan: BadTokenPlan): Promise<Named[]> {
  const { target, forger, attackerUrl } = plan;
  const forged: Record<string, Record<string, unknown>> = {
    "the right key id, the wrong key": {},
    "no key id, the wrong key": { kid: undefined },
    "an unknown key id": { kid: "unknown" },
    "a path as key id": { kid: "../../../../dev/null" },
    "an address as key id": { kid: `${attackerUrl}/key` },
    "SQL as key id": { kid: "x' union select 'key' --" },
    "a shell command as key id": { kid: "key|id" },
    "a prototype's key as key id": { kid: "__proto__" },
    "a number as key id": { kid: 1 },
    "an object as key id": { kid: { id: target.kid } },
    "an endless key id": { kid: "k".repeat(2_000) },
    "its own key set's address": { jku: `${attackerUrl}/jwks.json` },
    "its own key set's address, an unknown key id": { jku: `${attackerUrl}/jwks.json`, kid: "new" },
    "its own certificate's address": { x5u: `${attackerUrl}/cert.pem`, kid: "new" },
    "its own key": { jwk: forger.publicJwk },
    "its own key, no key id": { jwk: forger.publicJwk, kid: undefined },
    "its own certificate": { x5c: [encodeBytes(new TextEncoder().encode(forger.publicPem))] },
  };
  const unmet: Record<string, Record<string, unknown>> = {
    "an extension that must be understood": {
      crit: ["urn:example:unknown"],
      "urn:example:unknown": 1,
    },
    "a payload that is not encoded": { crit: ["b64"], b64: false },
    "an empty list of extensions": { crit: [] },
    "another algorithm of the same kind": { alg: target.alg === "ES256" ? "ES384" : "RS512" },
    "another kind of algorithm": { alg: target.alg === "ES256" ? "RS256" : "ES256" },
    "an algorithm in a list": { alg: [target.alg] },
    "no algorithm": { alg: undefined },
  };
  const sign = (signer: Issuer, all: Record<string, Record<string, unknown>>) =>
    Object.entries(all).map(async ([name, header]) =>
      [name, await signer.sign({ header })] as const
    );
  return await Promise.all([...sign(forger, forged), ...sign(target, unmet)]);
}

/** Not signed, signed with public data, or signed by somebody else's key. */
async function badKeys(plan: BadTokenPlan): Promise<Named[]> {
  const { target, forger, otherIssuer } = plan;
  const { kid, subject } = target;
  const right = await target.sign({});
  const [, payload = "", signature = ""] = right.split(".");
  const claims: unknown = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/")));
  const none = (alg: string, end = "") =>
    `${encodeJson({ alg, typ: "JWT", kid })}.${payload}.${end}`;
  const bySecret = (secret: string, header = {}) =>
    signBySecret(secret, { kid, ...header }, claims);
  return [
    ["no signature", none("none")],
    ["no signature, spelled otherwise", none("nOnE")],
    ["no signature, followed by the valid one", none("none", signature)],
    ["an empty algorithm", none("")],
    ["the public key as a secret", await bySecret(target.publicPem)],
    ["the public key as a secret, trimmed", await bySecret(target.publicPem.trim())],
    ["the key set as a secret", await bySecret(JSON.stringify(target.publicJwk))],
    ["an empty secret", await bySecret("", { kid: "../../dev/null" })],
    ["a guessed secret", await bySecret("secret", { kid: undefined })],
    ["another project's key", await forger.sign({ header: { kid: "other-project" } })],
    ["another issuer's token", await otherIssuer.sign({ claims: { sub: subject } })],
    [
      "another issuer's key in this one's name",
      await otherIssuer.sign({
        claims: { iss: target.issuer, aud: target.audience, sub: subject },
      }),
    ],
    [
      "this one's key in another issuer's name",
      await target.sign({ claims: { iss: otherIssuer.issuer, aud: otherIssuer.audience } }),
    ],
  ];
}

/** Changed after signing, or not a token at all. */
async function badShapes({ target }: BadTokenPlan): Promise<Named[]> {
  const { subject } = target;
  const right = await target.sign({ claims: { sub: "somebody-else" } });
  const [header = "", , signature = ""] = right.split(".");
  const now = Math.floor(Date.now() / 1000);
  const mine = encodeJson({
    iss: target.issuer,
    aud: target.audience,
    sub: subject,
    role: "authenticated",
    iat: now,
    exp: now + 3_600,
  });
  const good = await target.sign({});
  const zero = encodeBytes(new Uint8Array(target.alg === "ES256" ? 64 : 256));
  const jwe = encodeJson({ alg: "dir", enc: "A256GCM", kid: target.kid });
  const wrapped = encodeJson({ alg: "RSA-OAEP", enc: "A256GCM", kid: target.kid, cty: "JWT" });
  return [
    ["another person's claims", `${header}.${mine}.${signature}`],
    ["a signature of zeros", `${header}.${mine}.${zero}`],
    ["half a signature", `${good.slice(0, -20)}`],
    ["a signature and more", `${good}AAAA`],
    ["no third part", `${header}.${mine}`],
    ["four parts", `${good}.${signature}`],
    ["encrypted to itself", `${jwe}..AAAAAAAAAAAAAAAA.${mine}.AAAAAAAAAAAAAAAAAAAAAA`],
    [
      "encrypted, wrapped",
      `${wrapped}.${signature}.AAAAAAAAAAAAAAAA.${mine}.AAAAAAAAAAAAAAAAAAAAAA`,
    ],
    ["a list of tokens", `[${good}]`],
    ["a header that is no JSON", `${encodeBytes(new Uint8Array([1, 2, 3]))}.${mine}.${signature}`],
    ["a header that is null", `${encodeJson(null)}.${mine}.${signature}`],
    ["dots", "..."],
    ["nine thousand letters", "a".repeat(9_000)],
    ["claims of 20 KB", await target.sign({ claims: { more: "x".repeat(20_000) } })],
    ["a word", "token"],
  ];
}
