import type { Answer } from "./ask.ts";
import { judged, type Row } from "./row.ts";

/** How people get HTML although the hosted domain rewrites it. */
const REWRITE_REMEDY =
  "*.supabase.co turns a function's HTML into text: give the project a custom domain, or put the " +
  "front before it (deno task cdn:deploy --front), or let the app fetch the page and load its HTML; " +
  "if the front is there, its secret and CHIME_PAGE_FRONT_SECRET of the function differ: docs/operations.md, Rotate secrets";

/** Whether what people get is a page, or its source as text. */
export function pageRow({ status, headers, text, ms }: Answer): Row {
  const type = headers.get("content-type") ?? "no Content-Type";
  const isDocument = /^\s*<!doctype html/i.test(text);
  if (/^text\/html\b/.test(type) && isDocument) {
    return judged("page", true, `${status}, ${type}, ${text.length} characters`, "", ms);
  }
  const rewritten = isDocument || /\bsandbox\b/.test(headers.get("content-security-policy") ?? "");
  return judged(
    "page",
    false,
    rewritten
      ? `${status}, ${type}: the HTML was rewritten to text; people see its source`
      : `${status}, ${type}: this is not the page`,
    rewritten ? REWRITE_REMEDY : "check the address: it ends in /functions/v1/chime-page",
    ms,
  );
}

/** Whether the policy in the header is still the one that the document itself states. */
export function policyRow({ headers, text }: Answer): Row {
  const header = headers.get("content-security-policy");
  const meta = metaPolicy(text);
  const remedy = "something between the function and people replaces headers: let it pass " +
    "Content-Security-Policy on unchanged";
  if (header === null) return judged("policy", false, "no Content-Security-Policy", remedy);
  if (/\bsandbox\b/.test(header)) {
    return judged("policy", false, `replaced by "${header}"`, REWRITE_REMEDY);
  }
  const withoutAncestors = directives(header).filter((one) => !one.startsWith("frame-ancestors"));
  const same = meta !== undefined &&
    JSON.stringify(withoutAncestors) === JSON.stringify(directives(meta));
  const ancestors = directives(header).find((one) => one.startsWith("frame-ancestors"));
  return judged(
    "policy",
    same && ancestors !== undefined,
    same ? ancestors ?? "no frame-ancestors" : "not the policy that the document states",
    remedy,
  );
}

/** Headers that every answer must keep, and those that must not get out. */
export function headersRow({ headers }: Answer): Row {
  const expected = {
    "cache-control": /no-store/,
    // A page with a form tells its own server, and nobody else, where it came from.
    "referrer-policy": /^(no-referrer|same-origin)$/,
    "x-content-type-options": /nosniff/,
  };
  const lost = Object.entries(expected)
    .filter(([name, value]) => !value.test(headers.get(name) ?? ""))
    .map(([name]) => name);
  const leaked = [...headers.keys()].filter((name) => name.startsWith("x-chime-page-"));
  const found = [
    ...(lost.length > 0 ? [`lost or changed: ${lost.join(", ")}`] : []),
    ...(leaked.length > 0 ? [`marker headers get out: ${leaked.join(", ")}`] : []),
  ].join("; ");
  return judged(
    "headers",
    found === "",
    found || "no-store, no referrer for others, nosniff",
    leaked.length > 0
      ? "attach front.js to the page's behaviour as viewer-response: deno task cdn:deploy"
      : "let whatever stands before the function pass its headers on unchanged, and cache nothing",
  );
}

/** Whether the function knows the address at which people reach it. */
export function addressRow(answer: Answer, pageUrl: URL): Row {
  const policy = metaPolicy(answer.text) ?? answer.headers.get("content-security-policy") ?? "";
  const origin = directives(policy).find((one) => one.startsWith("form-action"))?.split(" ")
    .find((one) => URL.canParse(one));
  return judged(
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

/** The function's own word on its settings. */
export function settingsRow({ status, text, ms }: Answer): Row {
  let health: { status?: unknown; version?: unknown; sdk?: unknown } = {};
  try {
    health = JSON.parse(text);
  } catch {
    // Not the function's answer: the row says so.
  }
  const good = status === 200 && health.status === "ok";
  const known = typeof health.status === "string" ? health.status : "not the function's answer";
  return judged(
    "settings",
    good,
    good ? `complete; version ${health.version}, SDK ${health.sdk}` : `${status}, ${known}`,
    health.status === "misconfigured"
      ? "the function's log names every setting at fault (dashboard: Edge Functions, chime-page, Logs)"
      : "deploy the function (supabase functions deploy chime-page) and check the address",
    ms,
  );
}

/** The policy of `<meta http-equiv>`. */
export function metaPolicy(html: string): string | undefined {
  const tag = /<meta\b[^>]*http-equiv="?Content-Security-Policy"?[^>]*>/i.exec(html)?.[0];
  const content = tag && /content="([^"]*)"/i.exec(tag)?.[1];
  return content?.replaceAll("&#39;", "'").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}

function directives(policy: string): string[] {
  return policy.split(";").map((one) => one.trim()).filter((one) => one !== "");
}
