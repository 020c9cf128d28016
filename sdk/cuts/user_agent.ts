/**
 * Of the two libraries that read the browser's name: detect-browser as ES modules, so that what is
 * not asked for falls out, and ua-parser-js without its table of processors, which nobody asks for.
 */
import { type Cut, CutError, isSdk, type PackageFile } from "./cut.ts";
import { applyEdits, type Edit, parseSource, walk } from "./source.ts";

/** Where detect-browser keeps its build in ES modules. */
export const DETECT_MODULES = "detect-browser/es/index.js";

const NAME = "user-agent";
const ASKS = "build/useragentparser/DefaultUserAgentParser.js";
const DETECTS = "build/browserbehavior/DefaultBrowserBehavior.js";
const PARSER = "src/ua-parser.js";
const IMPORT = `from "detect-browser";`;

/** ua-parser-js with an empty table of processors. */
export function withoutProcessors(source: string): string {
  const edits: Edit[] = [];
  walk(parseSource(source, "script"), (node) => {
    if (node.type !== "Property" || node.key.type !== "Identifier") return;
    if (node.key.name !== "cpu" || node.value.type !== "ArrayExpression") return;
    edits.push({ start: node.value.start, end: node.value.end, text: "[]" });
  });
  if (edits.length !== 1) throw new CutError(NAME, `${edits.length} tables of processors`);
  return applyEdits(source, edits);
}

function applyTo(source: string, file: PackageFile): string {
  if (file.package === "ua-parser-js") return withoutProcessors(source);
  if (file.path === ASKS) {
    if (/\bcpu\b/i.test(source)) throw new CutError(NAME, `${ASKS} asks for the processor`);
    return source;
  }
  if (!source.includes(IMPORT)) throw new CutError(NAME, `${DETECTS} does not import as it did`);
  return source.replace(IMPORT, `from ${JSON.stringify(DETECT_MODULES)};`);
}

/** See the file's head. */
export const userAgent: Cut = {
  name: NAME,
  why: "of the libraries that read the browser's name: what nobody asks for",
  atLeast: 3,
  appliesTo: (file) =>
    isSdk(file) && [ASKS, DETECTS].includes(file.path) ||
    file.package === "ua-parser-js" && file.path === PARSER,
  apply: (source, file) => ({ source: applyTo(source, file), found: 1 }),
};
