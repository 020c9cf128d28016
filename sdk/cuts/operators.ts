/**
 * The SDK is compiled for browsers without `?.` and `??`: each is spelled out with a variable of its
 * own. The floor of the page has both (ES2020), so they are written again as they were.
 */
import type { AnyNode, ConditionalExpression, Expression, VariableDeclaration } from "acorn";
import { type Cut, CutError, isSdk } from "./cut.ts";
import { applyEdits, type Edit, parseSource, walk } from "./source.ts";

const NAME = "operators";
// How the compiler names variables of its own.
const COMPILED = /^_[a-z]+$/;

/** `(temp = value) === null || temp === void 0`, taken apart. */
interface Check {
  readonly temp: string;
  readonly value: Expression;
  /** Set here; otherwise it is a variable of the program's own. */
  readonly isSet: boolean;
}

const isVoid = (node: AnyNode) => node.type === "UnaryExpression" && node.operator === "void";
const isNull = (node: AnyNode) => node.type === "Literal" && node.raw === "null";

/** Reads the two comparisons that ask whether something is there. */
function checkOf(
  test: Expression,
  logical: "||" | "&&",
  compare: "===" | "!==",
): Check | undefined {
  if (test.type !== "LogicalExpression" || test.operator !== logical) return undefined;
  const { left, right } = test;
  if (left.type !== "BinaryExpression" || right.type !== "BinaryExpression") return undefined;
  if (left.operator !== compare || right.operator !== compare) return undefined;
  if (!isNull(left.right) || !isVoid(right.right) || right.left.type !== "Identifier") {
    return undefined;
  }
  const temp = right.left.name;
  const first = left.left;
  if (first.type === "Identifier" && first.name === temp) {
    return { temp, value: first, isSet: false };
  }
  if (first.type !== "AssignmentExpression" || first.operator !== "=") return undefined;
  // Only the compiler's own variables may vanish.
  if (first.left.type !== "Identifier" || first.left.name !== temp || !COMPILED.test(temp)) {
    return undefined;
  }
  return { temp, value: first.right, isSet: true };
}

/** The start of the chain `temp.a.b()`: the identifier itself. */
function startOf(node: AnyNode): AnyNode {
  if (node.type === "MemberExpression") return startOf(node.object);
  if (node.type === "CallExpression") return startOf(node.callee);
  return node;
}

const SIMPLE = new Set(["Identifier", "MemberExpression", "CallExpression", "ThisExpression"]);

/** How often the compiler's variables are mentioned, in the functions that declare them. */
interface Temps {
  readonly scope: AnyNode;
  readonly mentions: ReadonlyMap<string, number>;
}

function tempsOf(program: AnyNode): Temps[] {
  const found: Temps[] = [];
  walk(program, (scope) => {
    const declared = declaredIn(scope).flatMap(names).filter((name) => COMPILED.test(name));
    if (declared.length === 0) return;
    const mentions = new Map(declared.map((name) => [name, mentionsOf(scope, name).length]));
    found.push({ scope, mentions });
  });
  return found;
}

/** Whether a variable is there for one check alone: set, compared, and used once. */
function isOwn(temps: readonly Temps[], node: AnyNode, name: string): boolean {
  // Scopes come from the outside in.
  const own = temps.findLast(({ scope, mentions }) =>
    mentions.has(name) && scope.start <= node.start && node.end <= scope.end
  );
  return own?.mentions.get(name) === 3;
}

/** The text of one such expression with the operator, or nothing if it is something else. */
function operatorText(
  node: ConditionalExpression,
  write: Write,
  temps: readonly Temps[],
): string | undefined {
  const { test, consequent, alternate } = node;
  const check = checkOf(test, "||", "===") ?? checkOf(test, "&&", "!==");
  // What a name means that is not the compiler's own stays as it was: nothing vanishes.
  if (check !== undefined && check.isSet && !isOwn(temps, node, check.temp)) return undefined;
  const absent = checkOf(test, "||", "===");
  if (absent !== undefined && isVoid(consequent)) {
    const start = startOf(alternate);
    const isChain = start.type === "Identifier" && start.name === absent.temp &&
      start !== alternate;
    if (!isChain) return undefined;
    const rest = write(alternate, start.end);
    // A method that may not be there is called with its object, which is written elsewhere.
    if (!rest.startsWith(".") || rest.startsWith(".call(")) return undefined;
    const value = write(absent.value);
    return `${SIMPLE.has(absent.value.type) ? value : `(${value})`}?${rest}`;
  }
  const present = checkOf(test, "&&", "!==");
  if (present === undefined || consequent.type !== "Identifier") return undefined;
  if (consequent.name !== present.temp) return undefined;
  return `((${write(present.value)}) ?? (${write(alternate)}))`;
}

/** The text of a node, from a place inside it on, with everything in it rewritten. */
type Write = (node: AnyNode, from?: number) => string;

/** The text with its operators, and how many there are. */
export function withOperators(
  source: string,
  kind: "script" | "module" = "module",
): { source: string; found: number } {
  let found = 0;
  const program = parseSource(source, kind);
  const temps = tempsOf(program);
  const write: Write = (node, from = node.start) => {
    const edits: Edit[] = [];
    walk(node, (inner) => {
      if (inner.start < from || inner.type !== "ConditionalExpression") return;
      if (inner === node && from !== node.start) return;
      const text = operatorText(inner, write, temps);
      if (text === undefined) return;
      found++;
      edits.push({ start: inner.start, end: inner.end, text });
      return false;
    });
    const shifted = edits.map(({ start, end, text }) => ({
      start: start - from,
      end: end - from,
      text,
    }));
    return applyEdits(source.slice(from, node.end), shifted);
  };
  const text = write(program);
  return { source: withoutUnused(text, kind), found };
}

/** The names a function's own `var` statements declare, with the statements. */
function declaredIn(scope: AnyNode): VariableDeclaration[] {
  if (scope.type !== "BlockStatement") return [];
  return scope.body.flatMap((node) =>
    node.type === "VariableDeclaration" && node.kind === "var" ? [node] : []
  );
}

const names = (node: VariableDeclaration) =>
  node.declarations.map(({ id }) => id.type === "Identifier" ? id.name : "");

/** Where a function mentions a variable, besides declaring it. */
function mentionsOf(scope: AnyNode, name: string): AnyNode[] {
  const found: AnyNode[] = [];
  walk(scope, (node) => {
    // A function inside with a variable of that name means its own.
    if (node !== scope && declaredIn(node).some((one) => names(one).includes(name))) return false;
    if (node.type === "VariableDeclarator" && !node.init) return false;
    if (node.type === "Identifier" && node.name === name) found.push(node);
  });
  return found;
}

/** Whether a variable of the compiler's is still there, in the function that declares it. */
function isUsed(scope: AnyNode, name: string): boolean {
  const mentions = mentionsOf(scope, name);
  if (mentions.length === 0) return false;
  let set = false;
  walk(scope, (node) => {
    if (node.type === "AssignmentExpression" && mentions.includes(node.left)) set = true;
  });
  if (!set) throw new CutError(NAME, `${name} is read and never set`);
  return true;
}

/** Without `var _a, _b;` of variables that nothing mentions any more. */
function withoutUnused(source: string, kind: "script" | "module"): string {
  const edits: Edit[] = [];
  walk(parseSource(source, kind), (scope) => {
    for (const node of declaredIn(scope)) {
      const used = node.declarations.filter(({ id, init }) =>
        init || id.type !== "Identifier" || !COMPILED.test(id.name) || isUsed(scope, id.name)
      );
      if (used.length === node.declarations.length) continue;
      const rest = used.map(({ start, end }) => source.slice(start, end)).join(", ");
      edits.push({ start: node.start, end: node.end, text: rest === "" ? "" : `var ${rest};` });
    }
  });
  return applyEdits(source, edits);
}

/** See the file's head. */
export const operators: Cut = {
  name: NAME,
  why: "`?.` and `??` as they were before they were compiled away",
  atLeast: 100,
  appliesTo: isSdk,
  apply: (source) => withOperators(source),
};
