/**
 * Background blur, background replacement and the class that runs them on a camera's picture. The
 * page never creates one. The device controller only asks whether a camera *is* one, so an empty
 * class in its place answers no, as before.
 */
import { type Cut, CutError } from "./cut.ts";

const NAME = "effects";
const CLASS = "DefaultVideoTransformDevice";
const PATH = `build/videoframeprocessor/${CLASS}.js`;

/** How often a file asks `instanceof`. Throws if it uses the class in any other way. */
export function countQuestions(source: string, path: string): number {
  const question = new RegExp(`\\binstanceof ${CLASS}\\b`, "g");
  const rest = source.replace(question, "").replace(/^import .*$/gm, "");
  if (new RegExp(`\\b${CLASS}\\b`).test(rest)) {
    throw new CutError(NAME, `${path} does more with ${CLASS} than ask whether a camera is one`);
  }
  return source.match(question)?.length ?? 0;
}

export const effects: Cut = {
  name: NAME,
  what: "background effects and the class that runs them, which the page never creates",
  // The class itself, and the device controller that asks for it.
  atLeast: 2,
  // The index only exports the class; nothing that the page uses takes it from there.
  appliesTo: (path) => path !== "build/index.js",
  apply(source, path) {
    if (path !== PATH) return { source, found: countQuestions(source, path) };
    if (!source.includes(`export default class ${CLASS}\n`)) {
      throw new CutError(NAME, `${PATH} does not export ${CLASS}`);
    }
    return { source: `export default class ${CLASS} {}`, found: 1 };
  },
};
