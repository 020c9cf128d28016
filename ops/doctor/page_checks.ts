import type { TimedResponse } from "../request.ts";
import { type CheckResult, result } from "./check_result.ts";

/** How to serve HTML although the hosted domain rewrites it. */
const REWRITE_REMEDY =
  "*.supabase.co turns a function's HTML into text: give the project a custom domain, or put the " +
  "CloudFront proxy in front of it (deno task cdn:deploy --front), or let the app fetch the page and " +
  "load its HTML; if the proxy is there, its secret and CHIME_PAGE_FRONT_SECRET of the function " +
  "differ: docs/operations.md, Rotate secrets";

/** Whether people get the page, and not its source as text. */
export function checkPage({ status, headers, text, ms }: TimedResponse): CheckResult {
  const type = headers.get("content-type") ?? "no Content-Type";
  const isDocument = /^\s*<!doctype html/i.test(text);
  if (/^text\/html\b/.test(type) && isDocument) {
    return result("page", true, `${status}, ${type}, ${text.length} characters`, "", ms);
  }
  const rewritten = isDocument || /\bsandbox\b/.test(headers.get("content-security-policy") ?? "");
  return result(
    "page",
    false,
    rewritten
      ? `${status}, ${type}: the HTML was rewritten to text; people see its source`
      : `${status}, ${type}: this is not the page`,
    rewritten ? REWRITE_REMEDY : "check the address: it ends in /functions/v1/chime-page",
    ms,
  );
}

/** Whether the Content-Security-Policy header is still the one that the document states. */
export function checkPolicy({ headers, text }: TimedResponse): CheckResult {
  const header = headers.get("content-security-policy");
  const meta = metaPolicy(text);
  const remedy = "something between the function and people replaces headers: let it pass " +
    "Content-Security-Policy on unchanged";
  if (header === null) return result("policy", false, "no Content-Security-Policy", remedy);
  if (/\bsandbox\b/.test(header)) {
    return result("policy", false, `replaced by "${header}"`, REWRITE_REMEDY);
  }
  const withoutAncestors = directives(header).filter((one) => !one.startsWith("frame-ancestors"));
  const same = meta !== undefined &&
    JSON.stringify(withoutAncestors) === JSON.stringify(directives(meta));
  const ancestors = directives(header).find((one) => one.startsWith("frame-ancestors"));
  return result(
    "policy",
    same && ancestors !== undefined,
    same ? ancestors ?? "no frame-ancestors" : "not the policy that the document states",
    remedy,
  );
}

/** Headers that every response must have, and internal ones that must not reach people. */
export function checkHeaders({ headers }: TimedResponse): CheckResult {
  const expected = {
    "cache-control": /no-store/,
    // A page with a form sends its address to its own server, and to nobody else.
    "referrer-policy": /^(no-referrer|same-origin)$/,
    "x-content-type-options": /nosniff/,
  };
  const lost = Object.entries(expected)
    .filter(([name, value]) => !value.test(headers.get(name) ?? ""))
    .map(([name]) => name);
  const leaked = [...headers.keys()].filter((name) => name.startsWith("x-chime-page-"));
  const found = [
    ...(lost.length > 0 ? [`missing or changed: ${lost.join(", ")}`] : []),
    ...(leaked.length > 0 ? [`internal headers reach people: ${leaked.join(", ")}`] : []),
  ].join("; ");
  return result(
    "headers",
    found === "",
    found || "no-store, no referrer for other sites, nosniff",
    leaked.length > 0
      ? "attach cloudfront_proxy.js to the page's behaviour as viewer-response: deno task cdn:deploy"
      : "let any proxy in front of the function pass its headers on unchanged, and cache nothing",
  );
}

/** Whether the function is set to the address at which people reach it. */
export function checkAddress(page: TimedResponse, pageUrl: URL): CheckResult {
  const policy = metaPolicy(page.text) ?? page.headers.get("content-security-policy") ?? "";
  const origin = directives(policy).find((one) => one.startsWith("form-action"))?.split(" ")
    .find((one) => URL.canParse(one));
  return result(
    "address",
    origin === pageUrl.origin,
    origin === undefined
      ? "the page names no address"
      : `the page calls ${origin}${
        origin === pageUrl.origin ? "" : `, people are at ${pageUrl.origin}`
      }`,
    "set CHIME_PAGE_PUBLIC_URL to where people reach the page",
  );
}

/** Whether the function says that its settings are complete. */
export function checkSettings({ status, text, ms }: TimedResponse): CheckResult {
  let health: { status?: unknown; version?: unknown; sdk?: unknown } = {};
  try {
    health = JSON.parse(text);
  } catch {
    // Not the function's response; reported below.
  }
  const good = status === 200 && health.status === "ok";
  const known = typeof health.status === "string" ? health.status : "not the function's response";
  return result(
    "settings",
    good,
    good ? `complete; version ${health.version}, SDK ${health.sdk}` : `${status}, ${known}`,
    health.status === "misconfigured"
      ? "the function's log names every setting at fault (dashboard: Edge Functions, chime-page, Logs)"
      : "deploy the function (supabase functions deploy chime-page) and check the address",
    ms,
  );
}

/** The Content-Security-Policy in the `<meta>` element of a document. */
export function metaPolicy(html: string): string | undefined {
  const tag = /<meta\b[^>]*http-equiv="?Content-Security-Policy"?[^>]*>/i.exec(html)?.[0];
  const content = tag && /content="([^"]*)"/i.exec(tag)?.[1];
  return content?.replaceAll("&#39;", "'").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}

function directives(policy: string): string[] {
  return policy.split(";").map((one) => one.trim()).filter((one) => one !== "");
}
