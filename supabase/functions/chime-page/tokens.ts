import type { SupabaseClient } from "@supabase/supabase-js";
import {
  base64url,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTClaimVerificationOptions,
  type JWTPayload,
  jwtVerify,
  type JWTVerifyGetKey,
  UnsecuredJWT,
} from "jose";
import type { Problem } from "../_shared/problem.ts";
import { err, ok, type Result } from "../_shared/result.ts";
import { knownKeys, remoteKeys } from "./key_sets.ts";
import { createLegacyTokens } from "./legacy_tokens.ts";
import type { Settings } from "./settings.ts";
import { subjectOf, type SubjectSource } from "./subjects.ts";
import { isLoopback } from "./urls.ts";

/** Who a verified token speaks for: the `subject` that the view `chime_page.participants` knows. */
export type Subject = string;

/** Why a token is refused. `expired` is whose it was, if all of it but the time was verified. */
export type TokenProblem = Problem & { readonly expired?: Subject };

/** Verifies access tokens of Supabase and of the trusted issuers. */
export interface Tokens {
  /** The token of an `Authorization: Bearer` header or a form, from whichever issuer. */
  verify(token: string): Promise<Result<Subject, TokenProblem>>;
  /** Headers that carry a token of one certain issuer, in lower case. */
  readonly headers: readonly string[];
  /** The token of such a header; only that issuer's tokens pass. */
  verifyHeader(header: string, token: string): Promise<Result<Subject, TokenProblem>>;
}

/** An issuer whose tokens are accepted. */
interface Issuer extends SubjectSource {
  /** Whether it goes by this `iss`. */
  readonly is: (iss: string) => boolean;
  readonly audience: string;
  readonly header: string | undefined;
  readonly keys: JWTVerifyGetKey;
}

/** No access token is longer; Firebase's and Supabase's are about 1 KB. */
const LONGEST_TOKEN = 8_192;
const CLOCK_TOLERANCE_SECONDS = 30;
/** Signatures that only the issuer can make. A shared secret would be a public key's mistake. */
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"];
/** `aud` of everybody who signed in with Supabase Auth; its public and secret keys have none. */
const OWN_AUDIENCE = "authenticated";

function refused(reason: string): Result<never, Problem> {
  return err({ name: "unauthenticated", reason });
}

/**
 * Tokens by the project's settings.
 * @param now milliseconds since 1970
 */
export function createTokens(
  settings: Pick<Settings, "supabase" | "trustedIssuers">,
  supabase: SupabaseClient,
  now: () => number,
): Tokens {
  const issuers = acceptedIssuers(settings, now);
  const legacy = createLegacyTokens(supabase, now);
  const rules = (audience: string, iss: string | undefined): JWTClaimVerificationOptions => ({
    ...(iss === undefined ? {} : { issuer: iss }),
    audience,
    requiredClaims: ["sub", "exp", "iat"],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    currentDate: new Date(now()),
  });

  /** What the claims say beside what `jose` checks. */
  function person(claims: JWTPayload, issuer: Issuer): Result<Subject, Problem> {
    const { role, exp, iat } = claims;
    // JSON's 1e999 is a number too, and never over.
    if (![exp, iat].every(Number.isFinite)) return refused("endless");
    if (Number(iat) * 1000 > now() + CLOCK_TOLERANCE_SECONDS * 1000) return refused("not-yet");
    // The public key and the service key are tokens too, of no person.
    if (issuer.own && (typeof role !== "string" || ["", "anon", "service_role"].includes(role))) {
      return refused("no-subject");
    }
    const subject = subjectOf(claims, issuer, issuers);
    return subject === undefined ? refused("no-subject") : ok(subject);
  }

  /** Whose token it was that `jose` found to be over; it looks at the time last of all. */
  function expired(error: unknown, issuer: Issuer): { readonly expired?: Subject } {
    if (!(error instanceof errors.JWTExpired)) return {};
    const subject = person(error.payload, issuer);
    return subject.ok ? { expired: subject.value } : {};
  }

  /** By the issuer's own key set (RFC 8725, sections 3.1, 3.8 and 3.9). */
  async function verifyByKeys(
    token: string,
    iss: string,
    issuer: Issuer,
  ): Promise<Result<Subject, TokenProblem>> {
    try {
      const options = { ...rules(issuer.audience, iss), algorithms: ALGORITHMS };
      const { payload } = await jwtVerify(token, issuer.keys, options);
      return person(payload, issuer);
    } catch (error) {
      return err({ ...problemOf(error), ...expired(error, issuer) });
    }
  }

  /**
   * By the Auth server, after everything that can be seen without it. An Auth server that was never
   * told its own address names no issuer; then it is the one who vouches for its token.
   */
  async function verifyLegacy(
    token: string,
    iss: string | undefined,
    issuer: Issuer,
  ): Promise<Result<Subject, TokenProblem>> {
    try {
      // `jose` checks claims alone only of a token that has no signature to check.
      const unsigned = `${base64url.encode('{"alg":"none"}')}.${token.split(".")[1]}.`;
      const { payload } = UnsecuredJWT.decode(unsigned, rules(issuer.audience, iss));
      const subject = person(payload, issuer);
      if (!subject.ok) return subject;
      const verified = await legacy.verify(token, subject.value);
      return verified.ok ? subject : verified;
    } catch (error) {
      return err(problemOf(error));
    }
  }

  async function verify(
    token: string,
    among: readonly Issuer[],
  ): Promise<Result<Subject, TokenProblem>> {
    if (token.length > LONGEST_TOKEN) return refused("token-too-long");
    const { iss, alg } = named(token);
    if (alg === "HS256" && iss === undefined) {
      const own = among.find((issuer) => issuer.own);
      return own ? await verifyLegacy(token, undefined, own) : refused("foreign-issuer");
    }
    const issuer = among.find((one) => typeof iss === "string" && one.is(iss));
    if (typeof iss !== "string" || !issuer) return refused("foreign-issuer");
    return alg === "HS256" && issuer.own
      ? await verifyLegacy(token, iss, issuer)
      : await verifyByKeys(token, iss, issuer);
  }

  // As a bearer the entry without a header counts first, where an issuer has two.
  const bearers = issuers.toSorted((a, b) => Number(!!a.header) - Number(!!b.header));
  return {
    verify: (token) => verify(token, bearers),
    headers: [...new Set(issuers.flatMap((issuer) => issuer.header ?? []))],
    verifyHeader: (header, token) =>
      verify(token, issuers.filter((issuer) => issuer.header === header)),
  };
}

function acceptedIssuers(
  { supabase, trustedIssuers }: Pick<Settings, "supabase" | "trustedIssuers">,
  now: () => number,
): readonly Issuer[] {
  const isOwn = (iss: string) =>
    supabase.issuers.includes(iss) || (supabase.anyLocalIssuer && isLocalIssuer(iss));
  const { url, key, jwks } = supabase;
  const remote = remoteKeys(`${url}/auth/v1/.well-known/jwks.json`, now, { apikey: key });
  const own: Issuer = {
    is: isOwn,
    audience: OWN_AUDIENCE,
    header: undefined,
    keys: jwks ? knownKeys(jwks, remote) : remote,
    own: true,
    prefix: "",
  };
  const trusted = trustedIssuers.map((one): Issuer => ({
    is: (iss) => iss === one.issuer,
    audience: one.audience,
    header: one.header?.toLowerCase(),
    keys: remoteKeys(one.jwks, now),
    own: isOwn(one.issuer),
    prefix: one.subjectPrefix ?? "",
  }));
  return supabase.issuers.length > 0 ? [...trusted, own] : trusted;
}

/** Auth on this very machine, at whichever of its addresses and ports. */
function isLocalIssuer(iss: string): boolean {
  return iss.endsWith("/auth/v1") && URL.canParse(iss) && isLoopback(new URL(iss).hostname);
}

/** What a token says of itself, unverified: it only chooses what to verify it with. */
function named(token: string): { readonly iss?: unknown; readonly alg?: unknown } {
  try {
    return { iss: decodeJwt(token).iss, alg: decodeProtectedHeader(token).alg };
  } catch {
    return {};
  }
}

/** What an error of `jose` says about the token, or about the way to the issuer's keys. */
function problemOf(error: unknown): Problem {
  if (
    !(error instanceof errors.JOSEError) || error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid || error.code === "ERR_JOSE_GENERIC"
  ) {
    return { name: "upstream-unavailable", reason: "issuer-keys" };
  }
  return { name: "unauthenticated", reason: error.code.toLowerCase().replaceAll("_", "-") };
}
