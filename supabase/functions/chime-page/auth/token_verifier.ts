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
import type { TokenCheck } from "../../_shared/supabase.ts";
import { acceptedIssuers, type Issuer } from "./issuers.ts";
import { createLegacyTokens } from "./legacy_tokens.ts";
import type { Settings } from "../config/settings.ts";
import { subjectOf } from "./subjects.ts";

/** The verified person, as `chime_page.participants.subject` names them. */
export type Subject = string;

/** Why a token is refused. `expired` is its subject if only the expiry time made it invalid. */
export type TokenProblem = Problem & { readonly expired?: Subject };

/**
 * Verifies access tokens of Supabase and of the trusted issuers.
 * Problems: `unauthenticated`, `busy`, `upstream-unavailable`.
 */
export interface TokenVerifier {
  /** Verifies a token of any accepted issuer, from `Authorization: Bearer` or a form. */
  verify(token: string): Promise<Result<Subject, TokenProblem>>;
  /** Headers that contain the token of a particular issuer, in lowercase. */
  readonly headers: readonly string[];
  /** Verifies the token from one of these headers. Tokens of other issuers are refused. */
  verifyHeader(header: string, token: string): Promise<Result<Subject, TokenProblem>>;
}

interface VerifierContext {
  /** All accepted issuers. */
  readonly issuers: readonly Issuer[];
  readonly legacy: ReturnType<typeof createLegacyTokens>;
  readonly now: () => Date;
}

/** Tokens of Firebase and Supabase have about 1 KB. */
const MAX_TOKEN_LENGTH = 8_192;
const CLOCK_TOLERANCE_SECONDS = 30;
/** Asymmetric algorithms only: with a shared secret, others than the issuer could sign. */
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"];
/** Roles of the public key and the service key, which are tokens that belong to nobody. */
const KEY_ROLES: readonly unknown[] = ["", "anon", "service_role"];

/**
 * Creates a verifier for the issuers in the settings.
 * @param check asks the Auth server about a legacy token
 */
export function createTokenVerifier(
  settings: Pick<Settings, "supabase" | "trustedIssuers">,
  check: (token: string) => Promise<TokenCheck>,
  now: () => Date,
): TokenVerifier {
  const milliseconds = () => now().getTime();
  const issuers = acceptedIssuers(settings, milliseconds);
  const context: VerifierContext = {
    issuers,
    legacy: createLegacyTokens(check, milliseconds),
    now,
  };
  // If an issuer has two entries, the one without a header applies to bearer tokens.
  const bearers = issuers.toSorted((a, b) => Number(!!a.header) - Number(!!b.header));
  return {
    verify: (token) => verify(token, bearers, context),
    headers: [...new Set(issuers.flatMap((issuer) => issuer.header ?? []))],
    verifyHeader: (header, token) =>
      verify(token, issuers.filter((issuer) => issuer.header === header), context),
  };
}

async function verify(
  token: string,
  candidates: readonly Issuer[],
  context: VerifierContext,
): Promise<Result<Subject, TokenProblem>> {
  if (token.length > MAX_TOKEN_LENGTH) return refused("token-too-long");
  const { iss, alg } = unverifiedClaims(token);
  if (alg === "HS256" && iss === undefined) {
    const own = candidates.find((issuer) => issuer.own);
    return own ? await verifyLegacy(token, undefined, own, context) : refused("foreign-issuer");
  }
  const issuer = candidates.find((one) => typeof iss === "string" && one.is(iss));
  if (typeof iss !== "string" || !issuer) return refused("foreign-issuer");
  return alg === "HS256" && issuer.own
    ? await verifyLegacy(token, iss, issuer, context)
    : await verifyWithKeys(token, iss, issuer, context);
}

/** Verifies a token with the issuer's key set (RFC 8725, sections 3.1, 3.8 and 3.9). */
async function verifyWithKeys(
  token: string,
  iss: string,
  issuer: Issuer,
  context: VerifierContext,
): Promise<Result<Subject, TokenProblem>> {
  try {
    const options = { ...claimOptions(issuer.audience, iss, context), algorithms: ALGORITHMS };
    const { payload } = await jwtVerify(token, issuer.keys, options);
    return subjectOfClaims(payload, issuer, context);
  } catch (error) {
    return err({ ...problemOf(error), ...expiredSubject(error, issuer, context) });
  }
}

/**
 * Verifies a legacy token with the Auth server, after checking its claims locally.
 * @param iss undefined if the token has none, because the Auth server was not given its own URL
 */
async function verifyLegacy(
  token: string,
  iss: string | undefined,
  issuer: Issuer,
  context: VerifierContext,
): Promise<Result<Subject, TokenProblem>> {
  try {
    // `jose` checks the claims without the signature only if the token is unsigned.
    const unsigned = `${base64url.encode('{"alg":"none"}')}.${token.split(".")[1]}.`;
    const { payload } = UnsecuredJWT.decode(unsigned, claimOptions(issuer.audience, iss, context));
    const subject = subjectOfClaims(payload, issuer, context);
    if (!subject.ok) return subject;
    const verified = await context.legacy.verify(token, subject.value);
    return verified.ok ? subject : verified;
  } catch (error) {
    return err(problemOf(error));
  }
}

/** Which claims `jose` checks. If `iss` is undefined, any issuer passes. */
function claimOptions(
  audience: string,
  iss: string | undefined,
  { now }: VerifierContext,
): JWTClaimVerificationOptions {
  return {
    ...(iss === undefined ? {} : { issuer: iss }),
    audience,
    requiredClaims: ["sub", "exp", "iat"],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    currentDate: now(),
  };
}

/** Checks what `jose` does not, and returns the subject. */
function subjectOfClaims(
  claims: JWTPayload,
  issuer: Issuer,
  { issuers, now }: VerifierContext,
): Result<Subject, Problem> {
  const { role, exp, iat } = claims;
  // 1e999 is valid JSON and parses to Infinity.
  if (![exp, iat].every(Number.isFinite)) return refused("endless");
  if (Number(iat) > now().getTime() / 1000 + CLOCK_TOLERANCE_SECONDS) return refused("not-yet");
  if (issuer.own && (typeof role !== "string" || KEY_ROLES.includes(role))) {
    return refused("no-subject");
  }
  const subject = subjectOf(claims, issuer, issuers);
  return subject === undefined ? refused("no-subject") : ok(subject);
}

/** The subject of an expired token. `jose` checks the expiry last, so all else was verified. */
function expiredSubject(
  error: unknown,
  issuer: Issuer,
  context: VerifierContext,
): { readonly expired?: Subject } {
  if (!(error instanceof errors.JWTExpired)) return {};
  const subject = subjectOfClaims(error.payload, issuer, context);
  return subject.ok ? { expired: subject.value } : {};
}

/** Issuer and algorithm of a token, used only to choose how to verify it. */
function unverifiedClaims(token: string): { readonly iss?: unknown; readonly alg?: unknown } {
  try {
    return { iss: decodeJwt(token).iss, alg: decodeProtectedHeader(token).alg };
  } catch {
    return {};
  }
}

function refused(reason: string): Result<never, Problem> {
  return err({ name: "unauthenticated", reason });
}

/** Maps an error of `jose` to a problem: with the token, or with fetching the issuer's keys. */
function problemOf(error: unknown): Problem {
  if (
    !(error instanceof errors.JOSEError) || error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid || error.code === "ERR_JOSE_GENERIC"
  ) {
    return { name: "upstream-unavailable", reason: "issuer-keys" };
  }
  return { name: "unauthenticated", reason: error.code.toLowerCase().replaceAll("_", "-") };
}
