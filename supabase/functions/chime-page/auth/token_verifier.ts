import type { SupabaseClient } from "@supabase/supabase-js";
import {
  base64url,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTClaimVerificationOptions,
  type JWTPayload,
  jwtVerify,
  UnsecuredJWT,
} from "jose";
import type { Problem } from "../../_shared/problem.ts";
import { err, ok, type Result } from "../../_shared/result.ts";
import { acceptedIssuers, type Issuer } from "./issuers.ts";
import { createLegacyTokens } from "./legacy_tokens.ts";
import type { Settings } from "../config/settings.ts";
import { subjectOf } from "./subjects.ts";

/** Who a verified token speaks for: the `subject` that the view `chime_page.participants` knows. */
export type Subject = string;

/** Why a token is refused. `expired` is whose it was, if all of it but the time was verified. */
export type TokenProblem = Problem & { readonly expired?: Subject };

/** Verifies access tokens of Supabase and of the trusted issuers. */
export interface TokenVerifier {
  /** The token of an `Authorization: Bearer` header or a form, from whichever issuer. */
  verify(token: string): Promise<Result<Subject, TokenProblem>>;
  /** Headers that carry a token of one certain issuer, in lower case. */
  readonly headers: readonly string[];
  /** The token of such a header; only that issuer's tokens pass. */
  verifyHeader(header: string, token: string): Promise<Result<Subject, TokenProblem>>;
}

/** What a token is verified with. */
interface Trust {
  /** Every issuer that is accepted. */
  readonly issuers: readonly Issuer[];
  readonly legacy: ReturnType<typeof createLegacyTokens>;
  readonly now: () => Date;
}

/** No access token is longer; Firebase's and Supabase's are about 1 KB. */
const LONGEST_TOKEN = 8_192;
const CLOCK_TOLERANCE_SECONDS = 30;
/** Signatures that only the issuer can make: none by a secret that others know too. */
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"];
/** Roles of the public key and of the service key, which are tokens too, of no person. */
const NOBODYS_ROLES: readonly unknown[] = ["", "anon", "service_role"];

/** TokenVerifier by the project's settings. */
export function createTokenVerifier(
  settings: Pick<Settings, "supabase" | "trustedIssuers">,
  supabase: SupabaseClient,
  now: () => Date,
): TokenVerifier {
  const milliseconds = () => now().getTime();
  const issuers = acceptedIssuers(settings, milliseconds);
  const trust: Trust = { issuers, legacy: createLegacyTokens(supabase, milliseconds), now };
  // As a bearer the entry without a header counts first, where an issuer has two.
  const bearers = issuers.toSorted((a, b) => Number(!!a.header) - Number(!!b.header));
  return {
    verify: (token) => verify(token, bearers, trust),
    headers: [...new Set(issuers.flatMap((issuer) => issuer.header ?? []))],
    verifyHeader: (header, token) =>
      verify(token, issuers.filter((issuer) => issuer.header === header), trust),
  };
}

async function verify(
  token: string,
  among: readonly Issuer[],
  trust: Trust,
): Promise<Result<Subject, TokenProblem>> {
  if (token.length > LONGEST_TOKEN) return refused("token-too-long");
  const { iss, alg } = named(token);
  if (alg === "HS256" && iss === undefined) {
    const own = among.find((issuer) => issuer.own);
    return own ? await verifyLegacy(token, undefined, own, trust) : refused("foreign-issuer");
  }
  const issuer = among.find((one) => typeof iss === "string" && one.is(iss));
  if (typeof iss !== "string" || !issuer) return refused("foreign-issuer");
  return alg === "HS256" && issuer.own
    ? await verifyLegacy(token, iss, issuer, trust)
    : await verifyByKeys(token, iss, issuer, trust);
}

/** By the issuer's own key set (RFC 8725, sections 3.1, 3.8 and 3.9). */
async function verifyByKeys(
  token: string,
  iss: string,
  issuer: Issuer,
  trust: Trust,
): Promise<Result<Subject, TokenProblem>> {
  try {
    const rules = { ...claimRules(issuer.audience, iss, trust), algorithms: ALGORITHMS };
    const { payload } = await jwtVerify(token, issuer.keys, rules);
    return personOf(payload, issuer, trust);
  } catch (error) {
    return err({ ...problemOf(error), ...expiredOf(error, issuer, trust) });
  }
}

/**
 * By the Auth server, after everything that can be seen without it. An Auth server that was never
 * told its own address names no issuer; then it alone vouches for its token.
 */
async function verifyLegacy(
  token: string,
  iss: string | undefined,
  issuer: Issuer,
  trust: Trust,
): Promise<Result<Subject, TokenProblem>> {
  try {
    // `jose` checks claims alone only of a token that has no signature to check.
    const unsigned = `${base64url.encode('{"alg":"none"}')}.${token.split(".")[1]}.`;
    const { payload } = UnsecuredJWT.decode(unsigned, claimRules(issuer.audience, iss, trust));
    const subject = personOf(payload, issuer, trust);
    if (!subject.ok) return subject;
    const verified = await trust.legacy.verify(token, subject.value);
    return verified.ok ? subject : verified;
  } catch (error) {
    return err(problemOf(error));
  }
}

/** What `jose` checks of the claims; `iss` undefined: whichever there is. */
function claimRules(
  audience: string,
  iss: string | undefined,
  { now }: Trust,
): JWTClaimVerificationOptions {
  return {
    ...(iss === undefined ? {} : { issuer: iss }),
    audience,
    requiredClaims: ["sub", "exp", "iat"],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    currentDate: now(),
  };
}

/** Whose token it is, after the rest of the checks. */
function personOf(
  claims: JWTPayload,
  issuer: Issuer,
  { issuers, now }: Trust,
): Result<Subject, Problem> {
  const { role, exp, iat } = claims;
  // JSON's 1e999 is a number too, and never over.
  if (![exp, iat].every(Number.isFinite)) return refused("endless");
  if (Number(iat) > now().getTime() / 1000 + CLOCK_TOLERANCE_SECONDS) return refused("not-yet");
  if (issuer.own && (typeof role !== "string" || NOBODYS_ROLES.includes(role))) {
    return refused("no-subject");
  }
  const subject = subjectOf(claims, issuer, issuers);
  return subject === undefined ? refused("no-subject") : ok(subject);
}

/** Whose token it was that `jose` found to be over; it looks at the time last of all. */
function expiredOf(error: unknown, issuer: Issuer, trust: Trust): { readonly expired?: Subject } {
  if (!(error instanceof errors.JWTExpired)) return {};
  const subject = personOf(error.payload, issuer, trust);
  return subject.ok ? { expired: subject.value } : {};
}

/** What a token says of itself, unverified: it only chooses what to verify it with. */
function named(token: string): { readonly iss?: unknown; readonly alg?: unknown } {
  try {
    return { iss: decodeJwt(token).iss, alg: decodeProtectedHeader(token).alg };
  } catch {
    return {};
  }
}

function refused(reason: string): Result<never, Problem> {
  return err({ name: "unauthenticated", reason });
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
