import type { SupabaseClient } from "@supabase/supabase-js";
import { createRemoteJWKSet, decodeJwt, errors, jwtVerify, type JWTVerifyGetKey } from "jose";
import * as jose from "jose";
import { countHop } from "../_shared/hops.ts";
import type { Problem } from "../_shared/problem.ts";
import { err, ok, type Result } from "../_shared/result.ts";
import type { Settings, TrustedIssuer } from "./settings.ts";

/** Who a verified token speaks for: the `sub` that the view `chime_page.participants` knows. */
export type Subject = string;

/** Why a token is refused. `expired` is set only if everything about it is right but its expiry. */
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

/** No access token is longer; Firebase's and Supabase's are about 1 KB. */
const LONGEST_TOKEN = 8_192;

function refused(reason: string, expired?: Subject): Result<never, TokenProblem> {
  return err({ name: "unauthenticated", reason, ...(expired ? { expired } : {}) });
}

/** Tokens by the project's settings; key sets of issuers are fetched once and kept by `jose`. */
export function createTokens(
  settings: Pick<Settings, "supabase" | "trustedIssuers">,
  supabase: SupabaseClient,
  now: () => Date,
): Tokens {
  const issuers = settings.trustedIssuers.map((issuer) => ({
    ...issuer,
    header: issuer.header?.toLowerCase(),
    keys: createRemoteJWKSet(new URL(issuer.jwks), {
      timeoutDuration: 5_000,
      [jose.customFetch]: (url: string, init: RequestInit) => countHop(() => fetch(url, init)),
    }),
  }));

  async function verify(token: string): Promise<Result<Subject, TokenProblem>> {
    if (token.length > LONGEST_TOKEN) return refused("token-too-long");
    const named = issuerOf(token);
    const issuer = issuers.find((one) => one.issuer === named && one.header === undefined);
    return issuer
      ? await verifyForeign(token, issuer, issuer.keys)
      : await verifySupabase(token, settings.supabase, supabase, now());
  }

  return {
    verify,
    headers: issuers.flatMap((issuer) => issuer.header ?? []),
    verifyHeader: async (header, token) => {
      if (token.length > LONGEST_TOKEN) return refused("token-too-long");
      const named = issuerOf(token);
      const issuer = issuers.find((one) => one.header === header && one.issuer === named);
      return issuer ? await verifyForeign(token, issuer, issuer.keys) : refused("foreign-issuer");
    },
  };
}

/** The issuer a token claims, unverified: it only chooses the keys to verify with. */
function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

/**
 * Supabase's own tokens through `getClaims`: asymmetric ones are checked here against the key set,
 * legacy ones cost a call to the Auth server.
 */
async function verifySupabase(
  token: string,
  settings: Settings["supabase"],
  supabase: SupabaseClient,
  now: Date,
): Promise<Result<Subject, TokenProblem>> {
  try {
    // The types want `JWK`s of the library's own making; the injected text has just these.
    const jwks = settings.jwks as Parameters<typeof supabase.auth.getClaims>[1] extends
      { jwks?: infer J } | undefined ? J : never;
    const { data, error } = await supabase.auth.getClaims(token, {
      // Looked at below, once the rest is known to be right.
      allowExpired: true,
      ...(jwks ? { jwks } : {}),
    });
    if (error && (error.name === "AuthRetryableFetchError" || (error.status ?? 0) >= 500)) {
      return err({ name: "upstream-unavailable", reason: "auth-server" });
    }
    if (error || !data) return refused("token-refused");
    const { sub, role, exp } = data.claims;
    // The public key and the service key are tokens too, of no person.
    if (!sub || role === "anon" || role === "service_role") return refused("no-subject");
    if (!Number.isFinite(exp)) return refused("no-expiry");
    return exp * 1000 > now.getTime() ? ok(sub) : refused("token-expired", sub);
  } catch {
    // getClaims throws on what is no token at all.
    return refused("token-malformed");
  }
}

/**
 * A third party's token by its own key set: issuer and audience pinned, asymmetric algorithms only,
 * expiry required (RFC 8725, sections 3.1, 3.8 and 3.9).
 */
async function verifyForeign(
  token: string,
  issuer: TrustedIssuer,
  keys: JWTVerifyGetKey,
): Promise<Result<Subject, TokenProblem>> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: issuer.issuer,
      audience: issuer.audience,
      algorithms: ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"],
      requiredClaims: ["sub", "exp", "iat"],
      clockTolerance: 30,
    });
    return payload.sub ? ok(payload.sub) : refused("no-subject");
  } catch (error) {
    const known = error instanceof errors.JOSEError;
    if (!known || error instanceof errors.JWKSTimeout || error.code === "ERR_JOSE_GENERIC") {
      return err({ name: "upstream-unavailable", reason: "issuer-keys" });
    }
    // jose looks at the expiry last: signature and all other claims are right by then.
    const expired = error instanceof errors.JWTExpired ? error.payload.sub : undefined;
    return refused(error.code.toLowerCase().replaceAll("_", "-"), expired);
  }
}
