/**
 * Prints where a package of `packages.json` lies, and fetches it first if it must; with a second
 * name, where that dependency of it lies. A program of its own, with a lock file of its own: Deno
 * fetches all packages of a lock file before it runs a task, and `deno task dev` needs none of these.
 */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const [name = "", dependency] = Deno.args;
// Not every package has a program; all have a description.
await import(name).catch(() => import(name, { with: { type: "json" } }));
const path = fileURLToPath(import.meta.resolve(name));
const print = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
print(dependency === undefined ? path : createRequire(path).resolve(dependency));
