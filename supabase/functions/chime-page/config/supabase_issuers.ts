import { isLoopbackUrl } from "./urls.ts";

/** Which `iss` claims count as the project's own Supabase Auth. */
export interface SupabaseIssuers {
  /** Empty: tokens of Supabase Auth are not accepted. */
  readonly issuers: readonly string[];
  /** Whether Supabase Auth at any local URL is accepted too. */
  readonly anyLocalIssuer: boolean;
}

/**
 * The issuers of the project's own tokens.
 *
 * Supabase does not document which issuer Auth names when a project has a custom domain, so both the
 * project's URL and the public one are accepted. In local development these and the issuer that Auth
 * names differ in host and port (inside the CLI, a function sees `http://kong:8000`), so any local
 * URL is accepted.
 * @param setting `CHIME_PAGE_SUPABASE_ISSUER`; `none` disables Supabase Auth
 * @param url the project's URL, without a trailing slash
 */
export function supabaseIssuers(
  setting: string | undefined,
  url: string,
  publicUrl: string,
): SupabaseIssuers {
  if (setting !== undefined) {
    return { issuers: setting === "none" ? [] : [setting], anyLocalIssuer: false };
  }
  return {
    issuers: [`${url}/auth/v1`, `${new URL(publicUrl).origin}/auth/v1`],
    anyLocalIssuer: isLoopbackUrl(publicUrl),
  };
}
