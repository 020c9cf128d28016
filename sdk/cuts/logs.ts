/**
 * Log lines at the levels DEBUG and INFO. The page logs only errors, but composing these lines costs
 * time in every call. Each logging call is marked as pure: the minifier then drops it, but keeps
 * whatever in its arguments may have an effect.
 */
import type { Cut } from "./cut.ts";

const LINE = /^(\s*)((?:\w+\.)*_?logger\??\.(?:info|debug)\()/gm;

export function markLogs(source: string): { source: string; found: number } {
  let found = 0;
  const marked = source.replace(LINE, (_, indent: string, call: string) => {
    found++;
    return `${indent}/* @__PURE__ */ ${call}`;
  });
  return { source: marked, found };
}

export const logs: Cut = {
  name: "logs",
  what: "log lines below WARN, which the page never shows",
  atLeast: 200,
  appliesTo: () => true,
  apply: markLogs,
};
