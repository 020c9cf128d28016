import type { JWTVerifyGetKey } from "jose";
import { knownKeys, remoteKeys } from "./key_sets.ts";
import type { Settings } from "../config/settings.ts";
import type { SubjectSource } from "./subjects.ts";
import { isLoopback } from "../config/urls.ts";

/** An issuer whose tokens are accepted. */
export interface Issuer extends SubjectSource {
  /** Whether it goes by this `iss`. */
  readonly is: (iss: string) => boolean;
  readonly audience: string;
  /** The header that may carry its tokens, in lower case. */
  readonly header: string | undefined;
  readonly keys: JWTVerifyGetKey;
}

/** `aud` of everybody who signed in with Supabase Auth; its public and secret keys have none. */
const OWN_AUDIENCE = "authenticated";

/**
 * The trusted issuers of the settings in their order, and Supabase Auth unless it is switched off.
 * @param now milliseconds since 1970
 */
export function acceptedIssuers(
  { supabase, trustedIssuers }: Pick<Settings, "supabase" | "trustedIssuers">,
  now: () => number,
): readonly Issuer[] {
  const isOwn = (iss: string) =>
    supabase.issuers.includes(iss) || (supabase.anyLocalIssuer && isLocalAuth(iss));
  const trusted = trustedIssuers.map((one): Issuer => ({
    is: (iss) => iss === one.issuer,
    audience: one.audience,
    header: one.header?.toLowerCase(),
    keys: remoteKeys(one.jwks, now),
    own: isOwn(one.issuer),
    prefix: one.subjectPrefix ?? "",
  }));
  if (supabase.issuers.length === 0) return trusted;
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
  return [...trusted, own];
}

/** Auth on this very machine, at whichever of its addresses and ports. */
function isLocalAuth(iss: string): boolean {
  return iss.endsWith("/auth/v1") && URL.canParse(iss) && isLoopback(new URL(iss).hostname);
}
