/** Real parsers for the languages of code blocks in documents: tree-sitter and yaml, from npm, without a build. */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseDocument } from "yaml";
import { loadPackage, locatePackage } from "./large_packages.ts";

/** Fences of Markdown, and the grammar that parses each. */
const GRAMMARS: Readonly<Record<string, string>> = {
  dart: "dart",
  kotlin: "kotlin",
  swift: "swift",
  tsx: "tsx",
  ts: "typescript",
  js: "javascript",
  html: "html",
  // There is no grammar for XML; HTML's finds unbalanced and malformed elements too.
  xml: "html",
  json: "json",
  bash: "bash",
};

/** The part of `web-tree-sitter` that is used here. */
interface TreeSitter {
  readonly Language: { load(wasm: Uint8Array): Promise<unknown> };
  readonly Parser: { init(): Promise<void>; new (): Parser };
}

interface Parser {
  setLanguage(language: unknown): void;
  parse(text: string): { readonly rootNode: Node; delete(): void } | null;
}

interface Node {
  readonly type: string;
  readonly isError: boolean;
  readonly isMissing: boolean;
  readonly hasError: boolean;
  readonly startPosition: { readonly row: number };
  readonly children: readonly (Node | null)[];
}

const treeSitter = loadPackage<TreeSitter>("web-tree-sitter");
const root = locatePackage("tree-sitter-wasms").then(dirname);
const loaded = new Map<string, Promise<Parser>>();

async function load(grammar: string): Promise<Parser> {
  const { Language, Parser } = await treeSitter;
  await Parser.init();
  const wasm = await readFile(join(await root, "out", `tree-sitter-${grammar}.wasm`));
  const parser = new Parser();
  parser.setLanguage(await Language.load(new Uint8Array(wasm)));
  return parser;
}

/**
 * Parses a text; answers the lines at fault (from 1), or null where there is no parser for that
 * language.
 */
export async function faultyLines(language: string, text: string): Promise<number[] | null> {
  if (language === "yaml") {
    return parseDocument(text).errors.map(({ linePos }) => linePos?.[0].line ?? 1);
  }
  const grammar = GRAMMARS[language];
  if (grammar === undefined) return null;
  const parser = loaded.get(grammar) ?? load(grammar);
  loaded.set(grammar, parser);
  const tree = (await parser).parse(text);
  if (tree === null) throw new Error(`Cannot parse ${language}`);
  const lines: number[] = [];
  const walk = (node: Node): void => {
    if (node.isError || node.isMissing) lines.push(node.startPosition.row + 1);
    else if (node.hasError) node.children.forEach((child) => child !== null && walk(child));
    // A closing tag without its opening one is a node of its own in HTML.
    if (node.type === "erroneous_end_tag") lines.push(node.startPosition.row + 1);
  };
  walk(tree.rootNode);
  tree.delete();
  return [...new Set(lines)];
}
