import { createLocalJWKSet, type JSONWebKeySet } from "jose";
import * as z from "zod/mini";
import { jsonOf } from "../../_shared/environment.ts";
import { plainUrl, safeUrl } from "./urls.ts";

/** What single settings may hold. Each refuses what would pass at start and break pages later. */

/** A text that is turned into another, or refused where there is none. */
function turned<T>(turn: (text: string) => T | undefined) {
  return z.pipe(
    z.string(),
    z.transform((text: string, context) => {
      const value = turn(text);
      if (value !== undefined) return value;
      context.issues.push({ code: "custom", message: "refused", input: text });
      return z.NEVER;
    }),
  );
}

const matching = (shape: RegExp) => z.string().check(z.regex(shape));

/** An address without a query, as `URL` writes it. */
export const address = turned((text) => safeUrl(text, "no-query"));

/** The project's own address without a slash at its end; inside Supabase's network it is plain HTTP. */
export const projectAddress = turned((text) =>
  plainUrl(text, "no-query")?.href.replace(/\/+$/, "")
);

/** What a header can carry: keys, tokens, ids. No blank, and no line end from the end of a file. */
export const printable = matching(/^[!-~]+$/);

/** An AWS region, such as eu-central-1 or us-gov-west-1. */
export const region = matching(/^[a-z]{2}(?:-[a-z]+)+-\d$/);

/** Whole minutes. */
export const minutes = z.pipe(
  matching(/^\d{1,5}$/),
  z.transform((text: string) => Number(text)),
);

/** Origins between blanks or commas; none with a wildcard, because the page also talks to them. */
export const origins = turned((text) => {
  const all = text.split(/[\s,]+/).filter((part) => part !== "");
  return all.every((one) => safeUrl(one, "no-query") === `${one}/`) ? all : undefined;
});

/** A JSON object of named keys. */
export const namedKeys = jsonOf(z.record(z.string(), printable));

/** A JSON Web Key Set, by the judgement of those who will use it. */
export const keySet = jsonOf(z.custom<JSONWebKeySet>((value) => {
  try {
    return typeof createLocalJWKSet(value as JSONWebKeySet) === "function";
  } catch {
    return false;
  }
}));

/** Headers that mean something else on the way or to the function, as names or beginnings of names. */
const TAKEN = new Set([
  "apikey",
  "authorization",
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
  "set-cookie",
  "te",
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
]);
const TAKEN_BEGINNING =
  /^(?:accept|access-control-|content-|if-|proxy-|sb-|sec-|x-amz-|x-chime-page-|x-forwarded-)/;

const tokenHeader = matching(/^[A-Za-z][A-Za-z0-9-]{0,63}$/).check(z.refine((name) => {
  const lower = name.toLowerCase();
  return !TAKEN.has(lower) && !TAKEN_BEGINNING.test(lower);
}));

const trustedIssuer = z.strictObject({
  issuer: printable,
  audience: printable,
  jwks: turned((text) => safeUrl(text, "with-query")),
  header: z.optional(tokenHeader),
  subjectPrefix: z.optional(matching(/^[a-z][a-z0-9-]{0,30}:$/)),
});

/**
 * Token issuers. Only one of them may have its subjects in the view as they are, and each has one way
 * for all its entries: else two people could be taken for one.
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
