import type { JWTVerifyGetKey } from "jose";
import { knownKeys, remoteKeys } from "./key_sets.ts";
import type { Settings } from "../config/settings.ts";
import type { SubjectSource } from "./subjects.ts";
import { isLoopback } from "../config/urls.ts";

/** An issuer whose tokens are accepted. */
export interface Issuer extends SubjectSource {
  /** Whether an `iss` claim names this issuer. */
  readonly is: (iss: string) => boolean;
  readonly audience: string;
  /** Header that may contain its tokens, in lowercase. */
  readonly header: string | undefined;
  readonly keys: JWTVerifyGetKey;
}

/** The `aud` of people signed in with Supabase Auth. Its public and secret keys have none. */
const OWN_AUDIENCE = "authenticated";

/**
 * The trusted issuers of the settings, in order, then Supabase Auth unless it is disabled.
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

/** Supabase Auth on this machine, at any address and port. */
function isLocalAuth(iss: string): boolean {
  return iss.endsWith("/auth/v1") && URL.canParse(iss) && isLoopback(new URL(iss).hostname);
}
