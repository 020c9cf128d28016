import { createLocalJWKSet, type JSONWebKeySet } from "jose";
import * as z from "zod/mini";
import { jsonOf } from "../../_shared/environment.ts";
import { plainUrl, safeUrl } from "./urls.ts";

/**
 * Schemas for the values of settings. They reject at startup whatever would break pages later.
 * @module
 */

/** A string that `parse` converts; undefined rejects it. */
function parsed<T>(parse: (text: string) => T | undefined) {
  return z.pipe(
    z.string(),
    z.transform((text: string, context) => {
      const value = parse(text);
      if (value !== undefined) return value;
      context.issues.push({ code: "custom", message: "refused", input: text });
      return z.NEVER;
    }),
  );
}

const matching = (pattern: RegExp) => z.string().check(z.regex(pattern));

/** A URL without a query, normalized by `URL`. */
export const address = parsed((text) => safeUrl(text, "no-query"));

/** A URL that only the function connects to. In a local network it may use plain HTTP. */
export const serverAddress = parsed((text) => plainUrl(text, "no-query")?.href);

/** The project's URL without a trailing slash. Inside Supabase's network it uses plain HTTP. */
export const projectAddress = parsed((text) =>
  plainUrl(text, "no-query")?.href.replace(/\/+$/, "")
);

/** A key, token or id that is valid in a header: no spaces, and no trailing newline from a file. */
export const printable = matching(/^[!-~]+$/);

/** An AWS region, such as eu-central-1 or us-gov-west-1. */
export const region = matching(/^[a-z]{2}(?:-[a-z]+)+-\d$/);

/** A whole number whose digits match a pattern. */
const wholeNumber = (pattern: RegExp) =>
  z.pipe(matching(pattern), z.transform((text: string) => Number(text)));

export const minutes = wholeNumber(/^\d{1,5}$/);

/** At most 10 minutes for a code sent outside the app (OWASP ASVS 5.0, 6.5.5). */
export const passMinutes = wholeNumber(/^([1-9]|10)$/);

/** At most a minute, because the page itself asks again after 15 s. */
export const deadlineSeconds = wholeNumber(/^([1-9]|[1-5]\d|60)$/);

/**
 * Origins separated by spaces or commas. Wildcards are rejected because the page also sends messages
 * to these origins.
 */
export const origins = parsed((text) => {
  const all = text.split(/[\s,]+/).filter((part) => part !== "");
  return all.every((one) => safeUrl(one, "no-query") === `${one}/`) ? all : undefined;
});

/** A JSON object of keys by name. */
export const namedKeys = jsonOf(z.record(z.string(), printable));

/** A JSON Web Key Set that `jose` accepts. */
export const keySet = jsonOf(z.custom<JSONWebKeySet>((value) => {
  try {
    return typeof createLocalJWKSet(value as JSONWebKeySet) === "function";
  } catch {
    return false;
  }
}));

/** Headers that have another meaning to the function or to a proxy, so no issuer can use them. */
const RESERVED_HEADERS = new Set([
  "apikey",
  "authorization",
  "baggage",
  "cache-control",
  "connection",
  "cookie",
  "date",
  "expect",
  "forwarded",
  "from",
  "host",
  "keep-alive",
  "origin",
  "pragma",
  "priority",
  "purpose",
  "range",
  "referer",
  "sentry-trace",
  "set-cookie",
  "te",
  "traceparent",
  "tracestate",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "user-agent",
  "via",
  "x-client-info",
  "x-moz",
  "x-purpose",
  "x-real-ip",
  "x-region",
  "x-retry-count",
]);
const RESERVED_PREFIX =
  /^(?:accept|access-control-|content-|if-|proxy-|sb-|sec-|x-amz-|x-chime-page-|x-forwarded-)/;

const tokenHeader = matching(/^[A-Za-z][A-Za-z0-9-]{0,63}$/).check(z.refine((name) => {
  const lower = name.toLowerCase();
  return !RESERVED_HEADERS.has(lower) && !RESERVED_PREFIX.test(lower);
}));

const trustedIssuer = z.strictObject({
  issuer: printable,
  audience: printable,
  jwks: parsed((text) => safeUrl(text, "with-query")),
  header: z.optional(tokenHeader),
  subjectPrefix: z.optional(matching(/^[a-z][a-z0-9-]{0,30}:$/)),
});

/**
 * Token issuers. No two issuers may share a prefix (or have none), and all entries of an issuer must
 * have the same prefix. Otherwise two people could be mistaken for one.
 */
export const trustedIssuers = jsonOf(
  z.array(trustedIssuer).check(z.refine((issuers) => {
    const prefixes = new Map<string, string>();
    const owners = new Map<string, string>();
    return issuers.every(({ issuer, subjectPrefix = "" }) => {
      const [prefix, owner] = [prefixes.get(issuer), owners.get(subjectPrefix)];
      prefixes.set(issuer, subjectPrefix);
      owners.set(subjectPrefix, issuer);
      return (prefix ?? subjectPrefix) === subjectPrefix && (owner ?? issuer) === issuer;
    });
  })),
);
