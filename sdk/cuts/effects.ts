/**
 * Background blur, background replacement and the pipeline that runs them. The device controller
 * only asks whether a camera *is* such a pipeline. The file exports none, so nothing ever is one.
 */
import { type Cut, CutError, isSdk } from "./cut.ts";
import { parseSource, walk } from "./source.ts";

const NAME = "effects";
const CLASS = "DefaultVideoTransformDevice";
const PATH = `build/videoframeprocessor/${CLASS}.js`;
const IMPORT = `${CLASS}_1`;

/** Refuses a file that does more with the class than ask for it. */
export function refuseOtherUses(source: string, path: string): number {
  let asked = 0;
  walk(parseSource(source, "module"), (node) => {
    if (node.type === "ImportDeclaration") return false;
    if (node.type === "BinaryExpression" && node.operator === "instanceof") {
      if (node.right.type === "Identifier" && node.right.name === IMPORT) {
        asked++;
        return false;
      }
    }
    if (node.type === "Identifier" && node.name === IMPORT) {
      throw new CutError(NAME, `${path} does more with ${CLASS} than ask for it`);
    }
  });
  return asked;
}

/** See the file's head. */
export const effects: Cut = {
  name: NAME,
  why: "background effects and their pipeline, of which the page has none",
  // The class itself, and the device controller that asks for it.
  atLeast: 2,
  appliesTo: (file) => isSdk(file) && file.path !== "build/index.js",
  apply(source, file) {
    if (file.path !== PATH) {
      const asked = source.includes(IMPORT) ? refuseOtherUses(source, file.path) : 0;
      return { source, found: Math.min(asked, 1) };
    }
    if (!source.includes(`export { ${CLASS} as default };`)) {
      throw new CutError(NAME, `${PATH} does not export ${CLASS}`);
    }
    return { source: `export default class ${CLASS} {}`, found: 1 };
  },
};
