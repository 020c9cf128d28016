/** Files of the project. */
import { fileURLToPath } from "node:url";

/** The root folder, with a slash at the end. */
export const ROOT: URL = new URL("../../", import.meta.url);

/** The path of a file or folder, which is given from the root. */
export function pathOf(name: string): string {
  return fileURLToPath(new URL(name, ROOT));
}

/** The text of a file, which is given from the root. */
export function readProjectFile(name: string): Promise<string> {
  return Deno.readTextFile(new URL(name, ROOT));
}
