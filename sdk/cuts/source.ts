/** Reading and changing JavaScript by its syntax tree, never by guesswork. */
import { type AnyNode, type Node, parse, type Program } from "acorn";

/** A replacement of the text from `start` to `end`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies edits that do not overlap. */
export function applyEdits(source: string, edits: readonly Edit[]): string {
  const sorted = [...edits].sort((a, b) => a.start - b.start);
  let result = "";
  let at = 0;
  for (const { start, end, text } of sorted) {
    if (start < at) throw new Error(`Cannot apply edits that overlap at ${start}`);
    result += source.slice(at, start) + text;
    at = end;
  }
  return result + source.slice(at);
}

/** Parses a classic script or, with `module`, a module. */
export function parseSource(source: string, kind: "script" | "module"): Program {
  return parse(source, { ecmaVersion: 2022, sourceType: kind });
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && "type" in value &&
    typeof value.type === "string";
}

/** The nodes directly inside a node, in the order of the text. */
export function childrenOf(node: Node): AnyNode[] {
  return Object.values(node).flatMap((value) => Array.isArray(value) ? value : [value])
    .filter(isNode);
}

/** Visits a node and everything inside it; `false` from `visit` leaves the inside out. */
export function walk(node: AnyNode, visit: (node: AnyNode) => boolean | void): void {
  if (visit(node) === false) return;
  for (const child of childrenOf(node)) walk(child, visit);
}

/** `a.b.c` for a chain of plain names; `undefined` for anything else. */
export function dottedName(node: AnyNode | null | undefined): string | undefined {
  if (node?.type === "Identifier") return node.name;
  if (node?.type === "ThisExpression") return "this";
  if (node?.type !== "MemberExpression" || node.computed) return undefined;
  if (node.property.type !== "Identifier") return undefined;
  const object = dottedName(node.object);
  return object === undefined ? undefined : `${object}.${node.property.name}`;
}

/** The text of a string literal. */
export function stringOf(node: AnyNode | null | undefined): string | undefined {
  return node?.type === "Literal" && typeof node.value === "string" ? node.value : undefined;
}
