import { CompactSign, exportJWK, generateKeyPair, type JWK, jwtVerify, SignJWT } from "jose";
import { createTokenCheck } from "../../_shared/supabase.ts";
import { createTokenVerifier, type TokenVerifier } from "../auth/token_verifier.ts";
import type { TrustedIssuer } from "../config/settings.ts";

export const PROJECT = "https://project.supabase.co/auth/v1";
export const FIREBASE = "https://securetoken.google.com/clinic";
export const PATIENT = "a0000000-0000-4000-8000-000000000001";
const LEGACY_KEY = new TextEncoder().encode("legacy-secret-of-the-project-32-bytes-long");
export const seconds = () => Math.floor(Date.now() / 1000);

export type Claims = Readonly<Record<string, unknown>>;
export type Header = Readonly<Record<string, unknown>>;

/** Signs any claims, including those that no issuer would sign. */
export async function signer(kid: string) {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const jwk: JWK = { ...await exportJWK(publicKey), kid, alg: "ES256", use: "sig" };
  const sign = (claims: Claims, header: Header = {}) =>
    new SignJWT(JSON.parse(JSON.stringify(claims)))
      .setProtectedHeader({ alg: "ES256", kid, typ: "JWT", ...header }).sign(privateKey);
  const signText = (text: string, header: Header = {}) =>
    new CompactSign(new TextEncoder().encode(text))
      .setProtectedHeader({ alg: "ES256", kid, ...header }).sign(privateKey, { crit: { x: true } });
  return { jwk, sign, signText };
}

export const project = await signer("project-key");
export const firebase = await signer("firebase-key");
export const stranger = await signer("stranger-key");

export const claims = (changes: Claims = {}): Claims => ({
  iss: PROJECT,
  aud: "authenticated",
  sub: PATIENT,
  role: "authenticated",
  iat: seconds(),
  exp: seconds() + 3600,
  ...changes,
});
export const firebaseClaims = (changes: Claims = {}) =>
  claims({ iss: FIREBASE, aud: "clinic", sub: "firebase-uid", role: undefined, ...changes });
export const legacy = (changes: Claims = {}, key = LEGACY_KEY) =>
  new SignJWT(JSON.parse(JSON.stringify(claims(changes))))
    .setProtectedHeader({ alg: "HS256", typ: "JWT" }).sign(key);

/** An Auth server and an issuer that count their requests. */
function startServer() {
  const asked = { keys: 0, user: 0, firebaseKeys: 0 };
  const state = { down: false, keys: [project.jwk] as JWK[] };
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname.endsWith("/jwks.json")) asked.keys++;
      if (pathname.endsWith("/firebase")) asked.firebaseKeys++;
      if (pathname.endsWith("/user")) asked.user++;
      if (state.down) return new Response("down", { status: 503 });
      if (pathname.endsWith("/jwks.json")) return Response.json({ keys: state.keys });
      if (pathname.endsWith("/firebase")) return Response.json({ keys: [firebase.jwk] });
      try {
        const token = request.headers.get("authorization")?.split(" ")[1] ?? "";
        const { payload } = await jwtVerify(token, LEGACY_KEY, { algorithms: ["HS256"] });
        return Response.json({ id: payload.sub, aud: payload.aud, role: payload["role"] });
      } catch {
        return Response.json({ code: 403, error_code: "bad_jwt", msg: "invalid JWT" }, {
          status: 403,
        });
      }
    },
  );
  return {
    asked,
    state,
    url: `http://127.0.0.1:${server.addr.port}`,
    stop: () => server.shutdown(),
  };
}

interface Options {
  readonly trusted?: readonly Partial<TrustedIssuer>[];
  readonly issuers?: readonly string[];
  readonly anyLocalIssuer?: boolean;
  /** Whether the project's keys are injected as a setting, as on the platform. */
  readonly injected?: boolean;
}

export async function withTokens(
  options: Options,
  work: (
    tokens: TokenVerifier,
    server: ReturnType<typeof startServer>,
    clock: { ahead: number },
  ) => unknown,
) {
  const server = startServer();
  const clock = { ahead: 0 };
  const start = Date.now();
  const key = "sb_secret_x";
  const check = createTokenCheck({ url: server.url, key, timeoutMs: 5_000 });
  const tokens = createTokenVerifier(
    {
      supabase: {
        url: server.url,
        key,
        publicKeys: [],
        issuers: options.issuers ?? [PROJECT],
        anyLocalIssuer: options.anyLocalIssuer ?? false,
        ...(options.injected === false ? {} : { jwks: { keys: [project.jwk] } }),
      },
      trustedIssuers: (options.trusted ?? []).map((one) => ({
        issuer: FIREBASE,
        audience: "clinic",
        jwks: `${server.url}/firebase`,
        ...one,
      })),
    },
    check,
    () => new Date(start + clock.ahead),
  );
  try {
    await work(tokens, server, clock);
  } finally {
    await server.stop();
  }
}

/** The subject, or the problem and its reason. */
export async function outcome(answer: ReturnType<TokenVerifier["verify"]>): Promise<string> {
  const read = await answer;
  return read.ok ? read.value : `${read.error.name}: ${read.error.reason}`;
}
