/**
 * pako packs and unpacks session descriptions, as raw deflate streams at the default level. What it
 * can do besides goes: the wrappers of zlib and gzip with their headers and check sums, and the other
 * ways to look for matches. `tests/sdk/zlib_test.ts` compares it with the whole of pako.
 */
import type { AnyNode } from "acorn";
import { type Cut, CutError, isSdk, type PackageFile } from "./cut.ts";
import { applyEdits, childrenOf, dottedName, type Edit, parseSource, walk } from "./source.ts";

/** Where pako keeps its build in ES modules; of its other one a bundler must keep everything. */
export const PAKO_MODULES = "pako/dist/pako.esm.mjs";

const NAME = "zlib";
const PATH = "build/sdp/ZLIBTextCompressor.js";
const IMPORT = `import * as pako from "pako";`;
const CALLS = ["deflateRaw", "inflateRaw"];
// A level or a strategy would choose another way to look for matches.
const OPTIONS = ["memLevel", "dictionary", "to", "chunkSize"];

/** The SDK's file with pako's two functions imported by name. */
export function importByName(source: string): string {
  const called = [...source.matchAll(/\bpako\.(\w+)/g)].map(([, name]) => name);
  const unknown = called.find((name) => name === undefined || !CALLS.includes(name));
  if (!source.includes(IMPORT) || called.length === 0 || unknown !== undefined) {
    throw new CutError(NAME, `${PATH} does not call pako as it did: ${called.join(", ")}`);
  }
  walk(parseSource(source, "module"), (node) => {
    if (node.type !== "Property" || node.key.type !== "Identifier") return;
    if (OPTIONS.includes(node.key.name)) return;
    throw new CutError(NAME, `${PATH} gives pako the option ${node.key.name}`);
  });
  return source.replaceAll(/\bpako\.(\w+)/g, "$1")
    .replace(IMPORT, `import { ${CALLS.join(", ")} } from "${PAKO_MODULES}";`);
}

// States of the two machines that only a header or a trailer leads to.
const HEADER_STATES = new Set([
  ...["FLAGS", "TIME", "OS", "EXLEN", "EXTRA", "NAME", "COMMENT", "HCRC", "DICTID", "DICT"],
]);
const GZIP_HEADER = /\/\/#ifdef GZIP\n {2}if \(s\.status === GZIP_STATE\) \{[\s\S]*?\n\/\/#endif\n/;
const CHOICE =
  /let bstate = s\.level === 0 \? deflate_stored\(s, flush\) :\s+s\.strategy === Z_HUFFMAN_ONLY \? deflate_huff\(s, flush\) :\s+s\.strategy === Z_RLE \? deflate_rle\(s, flush\) :\s+configuration_table\[s\.level\]\.func\(s, flush\);/;
const TABLE = /const configuration_table = \[\n[\s\S]*?\n\];/;
const LEVEL_6 = "new Config(8, 16, 128, 128, deflate_slow),       /* 6 */";
const LEVEL = "configuration_table[s.level]";

function replaceOnce(source: string, what: string | RegExp, by: string): string {
  const parts = source.split(what);
  if (parts.length !== 2) throw new CutError(NAME, `found ${parts.length - 1} times: ${what}`);
  return parts.join(by);
}

/** Reads of `….wrap`, which is 0 for a raw stream, and the header's cases of the machine. */
function rawOnly(source: string): Edit[] {
  const edits: Edit[] = [];
  const states = new Set<string>();
  const visit = (node: AnyNode): void => {
    if (node.type === "AssignmentExpression" && isWrap(node.left)) return visit(node.right);
    if (isWrap(node)) {
      edits.push({ start: node.start, end: node.end, text: "0" });
      return;
    }
    if (node.type === "SwitchCase" && node.test?.type === "Identifier") {
      if (HEADER_STATES.has(node.test.name)) {
        states.add(node.test.name);
        edits.push({ start: node.start, end: node.end, text: "" });
        return;
      }
    }
    childrenOf(node).forEach(visit);
  };
  visit(parseSource(source, "module"));
  if (states.size !== HEADER_STATES.size) throw new CutError(NAME, "a header's state is missing");
  return edits;
}

function isWrap(node: AnyNode): boolean {
  const name = dottedName(node);
  return name === "s.wrap" || name === "state.wrap" || name === "strm.state.wrap";
}

/** pako with raw streams at the default level and nothing else. */
export function rawStreams(source: string): string {
  let text = replaceOnce(source, GZIP_HEADER, "");
  text = replaceOnce(text, CHOICE, "let bstate = deflate_slow(s, flush);");
  if (!text.includes(LEVEL_6)) throw new CutError(NAME, "the default level has changed");
  text = replaceOnce(text, TABLE, `const default_level = ${LEVEL_6.replace(/,\s+\/\*.*$/, ";")}`);
  return applyEdits(text.replaceAll(LEVEL, "default_level"), []);
}

function applyTo(source: string, file: PackageFile): string {
  if (file.package !== "pako") return importByName(source);
  const text = rawStreams(source);
  return applyEdits(text, rawOnly(text));
}

/** See the file's head. */
export const zlib: Cut = {
  name: NAME,
  why: "of pako: raw streams at the default level, no zlib or gzip wrappers",
  atLeast: 2,
  appliesTo: (file) =>
    isSdk(file) && file.path === PATH || `${file.package}/${file.path}` === PAKO_MODULES,
  apply: (source, file) => ({ source: applyTo(source, file), found: 1 }),
};
