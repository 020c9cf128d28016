/**
 * The SDK is published as CommonJS compiled by TypeScript, of which a bundler must keep every file
 * and every export. Written as ES modules again, the bundler leaves out what nobody imports, and the
 * names of the rest are shortened.
 *
 * The compiler's output has few shapes. Each top-level statement is recognised as one of them, and a
 * mention of `require`, `exports` or `module` that is left over fails the build.
 */
import type { AnyNode, Expression, ModuleDeclaration, Statement } from "acorn";
import { type Cut, CutError, isSdk } from "./cut.ts";
import { applyEdits, dottedName, type Edit, parseSource, stringOf, walk } from "./source.ts";

const HELPERS = new Set([
  "__importDefault",
  "__importStar",
  "__createBinding",
  "__setModuleDefault",
]);
// Written in other ways, and read by cuts of their own.
const ELSEWHERE = ["build/signalingprotocol/SignalingProtocol.js"];
const NAME = "modules";

/** What is known of one file while it is rewritten. */
interface Rewriting {
  readonly source: string;
  readonly path: string;
  /** Local names of default imports: `X_1.default` becomes `X_1`. */
  readonly defaults: Set<string>;
  /** Local name to the path it is imported from, for namespace imports. */
  readonly namespaces: Map<string, string>;
  readonly edits: Edit[];
}

function fail(file: Rewriting, node: AnyNode): never {
  const text = file.source.slice(node.start, node.end).slice(0, 80);
  throw new CutError(NAME, `${file.path} has a shape it does not know: ${text}`);
}

/** The path of `require("path")`, perhaps inside a helper, and which helper. */
function required(node: Expression | null | undefined): [path: string, helper: string] | undefined {
  if (node?.type !== "CallExpression") return undefined;
  const callee = dottedName(node.callee);
  const [argument] = node.arguments;
  if (callee === "require") {
    const path = stringOf(argument);
    return path === undefined ? undefined : [path, ""];
  }
  if (callee === undefined || !HELPERS.has(callee) || argument?.type !== "CallExpression") {
    return undefined;
  }
  const inner = required(argument);
  return inner === undefined ? undefined : [inner[0], callee];
}

/** `const X = require("…")` in its three forms. */
function importOf(file: Rewriting, node: Statement | ModuleDeclaration): string | undefined {
  if (node.type !== "VariableDeclaration") return undefined;
  const [declarator, more] = node.declarations;
  const found = required(declarator?.init);
  if (declarator === undefined || found === undefined) return undefined;
  if (more !== undefined || declarator.id.type !== "Identifier") fail(file, node);
  const [path, helper] = found;
  const local = declarator.id.name;
  if (helper === "__importDefault") {
    file.defaults.add(local);
    return `import ${local} from ${JSON.stringify(path)};`;
  }
  file.namespaces.set(local, path);
  return `import * as ${local} from ${JSON.stringify(path)};`;
}

/** The name in `exports.name`. */
function exported(node: AnyNode): string | undefined {
  const name = dottedName(node);
  return name?.startsWith("exports.") && name.split(".").length === 2 ? name.slice(8) : undefined;
}

function asExport(local: string, name: string): string {
  return `export { ${local === name ? name : `${local} as ${name}`} };`;
}

/** `exports.name = value;` */
function assignmentOf(file: Rewriting, node: Statement | ModuleDeclaration): string | undefined {
  if (node.type !== "ExpressionStatement" || node.expression.type !== "AssignmentExpression") {
    return undefined;
  }
  const { left, right } = node.expression;
  const name = exported(left);
  if (name === undefined) return undefined;
  const value = dottedName(right);
  const isVoid = (value: Expression): boolean =>
    value.type === "UnaryExpression" && value.operator === "void" ||
    value.type === "AssignmentExpression" && exported(value.left) !== undefined &&
      isVoid(value.right);
  if (isVoid(right)) return "";
  if (value !== undefined && !value.includes(".")) return asExport(value, name);
  // The index: `exports.X = X_1.default`.
  const [local, member, ...rest] = value?.split(".") ?? [];
  if (local !== undefined && member === "default" && file.defaults.has(local) && !rest.length) {
    return asExport(local, name);
  }
  const declaration = name === "default" ? "export default " : `export const ${name} = `;
  // Only the head is replaced, so that the value is looked through like everything else.
  file.edits.push({ start: node.start, end: right.start, text: declaration });
  return undefined;
}

/** `Object.defineProperty(exports, "name", …)`: the mark of a module, or a name handed on. */
function definitionOf(file: Rewriting, node: Statement | ModuleDeclaration): string | undefined {
  if (node.type !== "ExpressionStatement" || node.expression.type !== "CallExpression") {
    return undefined;
  }
  const { callee, arguments: [target, key] } = node.expression;
  if (dottedName(callee) !== "Object.defineProperty") return undefined;
  if (dottedName(target) !== "exports") return undefined;
  const name = stringOf(key);
  if (name === "__esModule") return "";
  const text = file.source.slice(node.start, node.end);
  const [, local = "", member = ""] =
    /get: function \(\) \{ return (\w+)\.(\w+); \} \}\);$/.exec(text) ?? [];
  const path = file.namespaces.get(local);
  if (name === undefined || path === undefined) fail(file, node);
  return `export { ${member} as ${name} } from ${JSON.stringify(path)};`;
}

function isHelper(node: Statement | ModuleDeclaration): boolean {
  const names = node.type !== "VariableDeclaration" ? [] : node.declarations.map(({ id }) => id);
  return names.length > 0 &&
    names.every((id) => id.type === "Identifier" && HELPERS.has(id.name));
}

/** Replaces what is left inside statements: `X_1.default`, and exports that are read or filled. */
function rewriteInside(file: Rewriting, node: AnyNode, additions: string[]): void {
  walk(node, (inner) => {
    if (inner.type === "AssignmentExpression") {
      // An enumeration: `(function (X) { … })(X || (exports.X = X = {}))`.
      const name = exported(inner.left);
      if (name === undefined) return;
      if (inner.right.type !== "AssignmentExpression") {
        // The head of `exports.name = value` at the top has been dealt with.
        if (file.edits.some(({ start }) => start === inner.start)) return;
        fail(file, inner);
      }
      if (dottedName(inner.right.left) !== name) fail(file, inner);
      file.edits.push({ start: inner.start, end: inner.right.start, text: "" });
      additions.push(asExport(name, name));
      walk(inner.right, (part) => rewriteMember(file, part));
      return false;
    }
    return rewriteMember(file, inner);
  });
}

function rewriteMember(file: Rewriting, node: AnyNode): boolean | void {
  if (node.type !== "MemberExpression") return;
  if (file.edits.some(({ start, end }) => start <= node.start && node.end <= end)) return false;
  const name = dottedName(node);
  const read = exported(node);
  if (read !== undefined) {
    file.edits.push({ start: node.start, end: node.end, text: read });
    return false;
  }
  const [local = "", member] = name?.split(".") ?? [];
  if (name === `${local}.default` && member === "default" && file.defaults.has(local)) {
    file.edits.push({ start: node.start, end: node.end, text: local });
    return false;
  }
}

/** A default import is only ever used as `X_1.default`; anything else would be another `X_1`. */
function refuseShadows(file: Rewriting, node: AnyNode): void {
  walk(node, (inner) => {
    if (inner.type === "Identifier" && file.defaults.has(inner.name)) fail(file, node);
    const [local = "", member, more] = dottedName(inner)?.split(".") ?? [];
    return !(member === "default" && more === undefined && file.defaults.has(local));
  });
}

/**
 * Running a file may only fill its own names: then it need not run when nothing is taken from it,
 * and the bundler is told so.
 */
function refuseEffects(file: Rewriting, node: Statement | ModuleDeclaration): void {
  if (node.type !== "ExpressionStatement" || node.directive !== undefined) return;
  const { expression } = node;
  if (expression.type === "AssignmentExpression") {
    const [owner = ""] = dottedName(expression.left)?.split(".") ?? [];
    if (owner === "exports" || new RegExp(`^class ${owner}\\b`, "m").test(file.source)) return;
  }
  // An enumeration fills the object it is given.
  const isEnum = expression.type === "CallExpression" &&
    expression.callee.type === "FunctionExpression" &&
    expression.arguments[0]?.type === "LogicalExpression";
  if (!isEnum) fail(file, node);
}

/** Rewrites one file of the SDK as an ES module. */
export function asModule(source: string, path: string): string {
  const file: Rewriting = { source, path, defaults: new Set(), namespaces: new Map(), edits: [] };
  const additions: string[] = [];
  for (const node of parseSource(source, "script").body) {
    const replacement = isHelper(node)
      ? ""
      : importOf(file, node) ?? definitionOf(file, node) ?? assignmentOf(file, node);
    if (replacement !== undefined) {
      file.edits.push({ start: node.start, end: node.end, text: replacement });
      continue;
    }
    refuseEffects(file, node);
    rewriteInside(file, node, additions);
    refuseShadows(file, node);
  }
  // Without an export of its own a file would be taken for CommonJS, where any name is imported.
  const exports = [...new Set(additions), "export {};"].join("\n");
  const result = `${applyEdits(source, file.edits)}\n${exports}`;
  walk(parseSource(result, "module"), (node) => {
    if (node.type === "Identifier" && ["require", "exports", "module"].includes(node.name)) {
      throw new CutError(NAME, `${path} still mentions ${node.name}`);
    }
  });
  return result;
}

/** See the file's head. */
export const modules: Cut = {
  name: NAME,
  why: "CommonJS as ES modules: files and exports nobody imports fall out",
  atLeast: 150,
  appliesTo: (file) => isSdk(file) && !ELSEWHERE.includes(file.path),
  apply: (source, file) => ({ source: asModule(source, file.path), found: 1 }),
};
