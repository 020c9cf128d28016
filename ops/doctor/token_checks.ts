import { request } from "../request.ts";
import { type CheckResult, result } from "./check_result.ts";

const base64url = (value: string | Uint8Array<ArrayBuffer>) =>
  btoa(typeof value === "string" ? value : String.fromCharCode(...value))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** A token of the right shape with a random signature, or none. */
function forgedToken(alg: "ES256" | "HS256" | "none", issuer: string): string {
  const seconds = Math.floor(Date.now() / 1000);
  const claims = {
    iss: `${issuer}/auth/v1`,
    aud: "authenticated",
    role: "authenticated",
    sub: "00000000-0000-4000-8000-000000000000",
    iat: seconds,
    exp: seconds + 600,
  };
  const signature = alg === "none"
    ? ""
    : base64url(crypto.getRandomValues(new Uint8Array(alg === "ES256" ? 64 : 32)));
  const header = JSON.stringify({ alg, typ: "JWT", kid: "doctor" });
  return `${base64url(header)}.${base64url(JSON.stringify(claims))}.${signature}`;
}

/** Whether requests without a credential, or with a forged one, are refused. */
export async function checkTokens(url: URL): Promise<CheckResult> {
  const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });
  const pass = new URL(url);
  pass.searchParams.set("pass", base64url(crypto.getRandomValues(new Uint8Array(32))));
  const attempts: readonly (readonly [string, string, RequestInit])[] = [
    ["none", url.href, {}],
    ["forged ES256", url.href, bearer(forgedToken("ES256", url.origin))],
    ["forged HS256", url.href, bearer(forgedToken("HS256", url.origin))],
    ["unsigned", url.href, bearer(forgedToken("none", url.origin))],
    ["forged pass", pass.href, {}],
  ];
  const began = performance.now();
  const wrong: string[] = [];
  let accepted = false;
  for (const [name, address, init] of attempts) {
    const { status } = await request(address, init);
    if (status === 401) continue;
    accepted ||= status < 400;
    wrong.push(`${name}: ${status}`);
  }
  return result(
    "tokens",
    wrong.length === 0,
    wrong.length === 0
      ? `${attempts.length} refused: ${attempts.map(([name]) => name).join(", ")}`
      : wrong.join(", "),
    accepted
      ? "STRANGERS GET IN: take the function down (supabase functions delete chime-page), then " +
        "deploy it from this repository and check CHIME_PAGE_TRUSTED_ISSUERS"
      : "each should be 401: see the function's log for these requests",
    performance.now() - began,
  );
}
