/**
 * Log lines at the levels DEBUG and INFO. The page's logger listens from ERROR up, so nobody ever
 * sees them; composing their text costs time in every call all the same.
 *
 * Each call is marked as pure. The minifier then drops it, but keeps whatever in its arguments may
 * have an effect.
 */
import type { Cut } from "./cut.ts";

const LINE = /^(\s*)((?:\w+\.)*_?logger\??\.(?:info|debug)\()/gm;

/** Marks the log lines of a file as pure, and counts them. */
export function markLogs(source: string): { source: string; found: number } {
  let found = 0;
  const marked = source.replace(LINE, (_, indent: string, call: string) => {
    found++;
    return `${indent}/* @__PURE__ */ ${call}`;
  });
  return { source: marked, found };
}

/** See the top of this file. */
export const logs: Cut = {
  name: "logs",
  what: "log lines below WARN, which the page never shows",
  atLeast: 200,
  appliesTo: () => true,
  apply: markLogs,
};
