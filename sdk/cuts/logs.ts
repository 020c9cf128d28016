/**
 * Takes out what the SDK says at the levels DEBUG and INFO. The page's logger listens from WARN up,
 * so nobody ever sees these lines; building their text costs time in every call all the same.
 *
 * A line is only taken out when computing its text changes nothing: no assignment, no `await`, and
 * no calls but those of {@link HARMLESS}.
 */
import type { AnyNode, CallExpression } from "acorn";
import { type Cut, isSdk } from "./cut.ts";
import { applyEdits, childrenOf, dottedName, type Edit, parseSource, walk } from "./source.ts";

const LINE = /(^|\.)_?logger\.(debug|info)$/;

// Methods that only tell: of JSON, of arrays and strings, and of the SDK's own value objects.
const HARMLESS = new Set([
  "stringify",
  "join",
  "map",
  "toString",
  "toFixed",
  "id",
  "name",
  "array",
  "statusCode",
]);

/** Whether computing this does nothing but compute. */
export function isHarmless(node: AnyNode): boolean {
  switch (node.type) {
    case "AssignmentExpression":
    case "UpdateExpression":
    case "AwaitExpression":
    case "YieldExpression":
    case "NewExpression":
    case "TaggedTemplateExpression":
      return false;
    case "CallExpression": {
      const { callee } = node;
      if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return false;
      if (!HARMLESS.has(callee.property.name)) return false;
      break;
    }
    case "UnaryExpression":
      if (node.operator === "delete") return false;
      break;
  }
  return childrenOf(node).every(isHarmless);
}

/** A function in place of a text is only called by a logger that listens. */
const isThunk = (node: AnyNode) => node.type === "ArrowFunctionExpression";

function isLine(node: AnyNode): node is CallExpression {
  return node.type === "CallExpression" && LINE.test(dottedName(node.callee) ?? "");
}

/** The text without such lines, and how many there were. */
export function withoutLogs(source: string): { source: string; found: number; kept: string[] } {
  const edits: Edit[] = [];
  const kept: string[] = [];
  walk(parseSource(source, "module"), (node) => {
    if (node.type !== "ExpressionStatement" || !isLine(node.expression)) return;
    if (node.expression.arguments.every((one) => isThunk(one) || isHarmless(one))) {
      // A block and not nothing: the line may be all there is to an `if`.
      edits.push({ start: node.start, end: node.end, text: "{}" });
    } else kept.push(source.slice(node.start, node.end));
    return false;
  });
  return { source: applyEdits(source, edits), found: edits.length, kept };
}

/** See the file's head. */
export const logs: Cut = {
  name: "logs",
  why: "log lines below WARN, which the page never shows",
  atLeast: 200,
  appliesTo: isSdk,
  apply: (source) => withoutLogs(source),
};
