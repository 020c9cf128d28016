import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import type { WireAnswer } from "./wire.ts";

/** What may be wrong with a response; each is a row of the table. */
export const ANSWER_CHECKS = [
  "unexpected 5xx",
  "bare errors",
  "reflected input",
  "missing headers",
  "stack traces",
] as const;

export type AnswerCheck = typeof ANSWER_CHECKS[number];

/** What the checks must know of a request. */
export interface Asked {
  readonly method: string;
  /** A string in everything that was sent; it must not come back. */
  readonly canary: string;
  /** Whether a 503 is correct: a browser that prefetches is told to try again. */
  readonly prefetch: boolean;
}

/** Headers of every response, and their values (`http/security_headers.ts`). */
const COMMON: Readonly<Record<string, RegExp>> = {
  "cache-control": /^(no-store|public, max-age=\d+(, immutable)?)$/,
  // Documents without a call have forms, which need it to prove their origin.
  "referrer-policy": /^(no-referrer|same-origin)$/,
  "strict-transport-security": /max-age=31536000/,
  "x-content-type-options": /^nosniff$/,
  "x-request-id": /^[0-9a-f-]{36}$/,
  "access-control-allow-origin": /^\*$/,
  "access-control-expose-headers": /retry-after/i,
};

/** Further headers of every document. */
const DOCUMENT: Readonly<Record<string, RegExp>> = {
  "content-security-policy": /default-src 'none'.*frame-ancestors /,
  "permissions-policy": /camera=/,
  "x-robots-tag": /noindex/,
};

/** A frame of a stack trace, or a path of a source file. */
const STACK = /\bat (async )?\S+ \((\/|<|[a-z]+:)|\bat (file|npm|ext|node):|\.ts:\d+|\bUncaught\b/;

/** Everything that is wrong with a response, by check. */
export function answerFaults(asked: Asked, answer: WireAnswer): Map<AnswerCheck, string> {
  const faults = new Map<AnswerCheck, string>();
  const body = textOf(answer);
  if (answer.status >= 500 && !(answer.status === 503 && asked.prefetch)) {
    faults.set("unexpected 5xx", `${answer.status}${problemName(body)}`);
  }
  const bare = answer.status >= 400 ? bareness(asked, answer, body) : undefined;
  if (bare !== undefined) faults.set("bare errors", `${answer.status}: ${bare}`);
  const reflected = reflection(asked.canary, answer, body);
  if (reflected !== undefined) faults.set("reflected input", reflected);
  const missing = missingHeaders(answer);
  if (missing.length > 0) faults.set("missing headers", missing.join(", "));
  const trace = answer.status >= 400 ? STACK.exec(withoutCode(body))?.[0] : undefined;
  if (trace !== undefined) faults.set("stack traces", `"${trace}" in the body`);
  return faults;
}

/** Why an error is neither a page for people nor a problem for programs. */
function bareness(asked: Asked, answer: WireAnswer, body: string): string | undefined {
  const type = answer.headers.get("content-type") ?? "";
  const isPage = /^text\/html\b/.test(type);
  if (!isPage && type !== "application/problem+json") return `content type "${type}"`;
  if (asked.method === "HEAD") return undefined;
  const reference = answer.headers.get("x-request-id") ?? "none";
  if (!body.includes(reference)) return "no reference in the body";
  if (isPage) return /^\s*<!doctype html>/i.test(body) ? undefined : "no document";
  const problem = parse(body);
  const type_ = String(problem["type"]);
  if (!/^urn:chime-page:problem:[a-z-]+$/.test(type_)) return `problem type "${type_}"`;
  if (problem["status"] !== answer.status) return "another status in the body";
  const said = ["title", "detail", "nextStep"].every((key) => typeof problem[key] === "string");
  return said ? undefined : "no text for the reader";
}

/** A document without its own scripts and styles, which may look like a stack trace. */
function withoutCode(body: string): string {
  return body.replace(/<(script|style)\b[^>]*>[\s\S]*?<\/\1>/gi, "");
}

function reflection(canary: string, answer: WireAnswer, body: string): string | undefined {
  const known = canary.toLowerCase();
  if (body.toLowerCase().includes(known)) return "in the body";
  for (const [name, value] of answer.headers) {
    if (`${name}: ${value}`.toLowerCase().includes(known)) return `in the header ${name}`;
  }
  return undefined;
}

function missingHeaders({ headers }: WireAnswer): string[] {
  const isDocument = /^text\/html\b/.test(headers.get("content-type") ?? "");
  return Object.entries({ ...COMMON, ...(isDocument ? DOCUMENT : {}) })
    .filter(([name, right]) => !right.test(headers.get(name) ?? ""))
    .map(([name]) => `${name}: ${headers.get(name) ?? "none"}`);
}

function textOf({ headers, body }: WireAnswer): string {
  return new TextDecoder().decode(unpack(headers.get("content-encoding"), body));
}

function unpack(coding: string | null, body: Uint8Array): Uint8Array {
  if (body.length === 0) return body;
  switch (coding) {
    case "br":
      return brotliDecompressSync(body);
    case "gzip":
      return gunzipSync(body);
    case "deflate":
      return inflateSync(body);
    default:
      return body;
  }
}

function problemName(body: string): string {
  const name = /urn:chime-page:problem:([a-z-]+)/.exec(body)?.[1];
  return name === undefined ? "" : ` ${name}`;
}

function parse(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** What a line of the function's log must not contain, but does; undefined if nothing. */
export function logFault(line: string, needles: readonly string[]): string | undefined {
  const known = line.toLowerCase();
  const needle = needles.find((one) => known.includes(one.toLowerCase()));
  if (needle !== undefined) return `"${needle}" in the log`;
  if (/eyJ[\w-]{10}/.test(line)) return "a token in the log";
  // Passes and sessions have 43 characters, their hashes 64; ids have 36.
  if (/[\w-]{43}/.test(line)) return "a secret in the log";
  // Deno 2.9 prints this once.
  if (line.startsWith("Deno.serve: ")) return undefined;
  return line.startsWith('{"at":"') && !STACK.test(line) ? undefined : "not an entry of the log";
}
