/**
 * The SDK carries the program of its media worker (redundant audio against packet loss, and media
 * metrics) as a string: comments, indentation and all. The same program goes in, minified. Top-level
 * names stay, since the worker's classes are known to it by name.
 */
import { transform } from "esbuild";
import { type Cut, CutError, isSdk } from "./cut.ts";
import { withOperators } from "./operators.ts";
import { applyEdits, parseSource, stringOf } from "./source.ts";

const NAME = "worker-text";
const PATH = "build/encodedtransformworkercode/EncodedTransformWorkerCode.js";
const VARIABLE = "EncodedTransformWorkerCode";

/** The file with its program minified. */
export async function minifyWorkerText(source: string): Promise<string> {
  const declarators = parseSource(source, "module").body.flatMap((node) =>
    node.type === "VariableDeclaration" ? node.declarations : []
  );
  const literal = declarators.find(({ id }) => id.type === "Identifier" && id.name === VARIABLE)
    ?.init;
  const program = stringOf(literal);
  if (!literal || program === undefined) {
    throw new CutError(NAME, `${PATH} holds no string ${VARIABLE}`);
  }
  const { code, warnings } = await transform(withOperators(program, "script").source, {
    loader: "js",
    minify: true,
    target: "es2020",
    charset: "ascii",
    legalComments: "none",
  });
  if (warnings.length > 0) throw new CutError(NAME, warnings[0]?.text ?? "");
  const { start, end } = literal;
  return applyEdits(source, [{ start, end, text: JSON.stringify(code.trim()) }]);
}

/** See the file's head. */
export const workerText: Cut = {
  name: NAME,
  why: "the media worker's program, minified inside its string",
  atLeast: 1,
  appliesTo: (file) => isSdk(file) && file.path === PATH,
  apply: async (source) => ({ source: await minifyWorkerText(source), found: 1 }),
};
