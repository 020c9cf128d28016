/**
 * The SDK contains the program of its media worker (redundant audio against packet loss, and media
 * metrics) as a string, with comments and indentation. This minifies it. Top-level names are kept,
 * because the worker looks its classes up by name.
 */
import { transform } from "esbuild";
import { type Cut, CutError } from "./cut.ts";

const NAME = "worker-text";
const PATH = "build/encodedtransformworkercode/EncodedTransformWorkerCode.js";
const STRING = /^const EncodedTransformWorkerCode = ("(?:[^"\\]|\\.)*");$/m;

export function workerProgram(source: string): string {
  const literal = STRING.exec(source)?.[1];
  if (literal === undefined) {
    throw new CutError(NAME, `${PATH} does not hold the program as a string`);
  }
  return JSON.parse(literal);
}

export async function minifyWorkerText(source: string): Promise<string> {
  const { code, warnings } = await transform(workerProgram(source), {
    loader: "js",
    minify: true,
    target: "es2020",
    charset: "ascii",
    legalComments: "none",
  });
  if (warnings.length > 0) throw new CutError(NAME, warnings[0]?.text ?? "");
  const declaration = `const EncodedTransformWorkerCode = ${JSON.stringify(code.trim())};`;
  return source.replace(STRING, () => declaration);
}

export const workerText: Cut = {
  name: NAME,
  what: "comments and long names of the media worker's program, which the SDK holds as a string",
  atLeast: 1,
  appliesTo: (path) => path === PATH,
  apply: async (source) => ({ source: await minifyWorkerText(source), found: 1 }),
};
