/**
 * Copies the function, its migrations and its configuration into an adopter's own Supabase project.
 *
 *   deno task adopt <folder of the project>
 */
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Dependencies, terminal } from "../dependencies.ts";
import { conclude, Failure, usage } from "../failure.ts";
import { readOptions } from "../options.ts";
import { CONFIG, exposesSchema, planSection, type SectionChange } from "./config_section.ts";
import { type Change, fingerprint, laterMigration, type Manifest, planFiles } from "./plan.ts";
import { readRelease, type Release } from "./release.ts";
import { nextSteps } from "./next_steps.ts";

const HELP = `deno task adopt <folder> [options]

Copies chime-page into your own Supabase project, the folder that contains supabase/config.toml:
the built function, its migrations, and its section of config.toml. It shows every change first, and
never overwrites a file of yours. Run a newer version again to upgrade. Nothing is deployed.

  --dry-run   only show the changes
  --yes       do not ask
  --help      print this text

Exit code: 0 done, 1 something of yours is in the way or was kept, 2 wrong usage.`;

/** Where the list of written files is, so that a later run can tell them from others. */
export const MANIFEST = "supabase/functions/chime-page/adopted.json";

/** What the command needs from outside. */
export interface AdoptDependencies extends Pick<Dependencies, "print"> {
  /** Asks at the terminal. */
  readonly confirm: (question: string) => boolean;
  readonly release: () => Promise<Release>;
}

/** The changes that a release makes to a project. */
interface Plan {
  readonly release: Release;
  readonly changes: readonly Change[];
  readonly section: SectionChange;
  /** The CLI accepts our migrations only with `--include-all` because of this one. */
  readonly later: string | undefined;
}

/** `deno task adopt`. Returns the exit code. */
export async function adopt(
  args: readonly string[],
  { print, confirm, release }: AdoptDependencies,
): Promise<number> {
  let isComplete = true;
  const code = await conclude({ ...terminal(), print }, async () => {
    const values = readOptions(args, {
      "dry-run": { type: "boolean", default: false },
      yes: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    }, true);
    if (values.help) return print(HELP);
    const [folder, ...rest] = values.positionals;
    if (folder === undefined || rest.length > 0) throw usage("Give the folder of one project");
    const plan = await makePlan(resolve(folder), await release());
    for (const line of describe(plan)) print(line);
    const all = [...plan.changes, plan.section];
    if (all.some(({ kind }) => kind === "blocked")) {
      throw new Failure(
        "Nothing was written: files of yours are where files of chime-page have to be",
        "rename or delete the files marked BLOCKED, if you do not need them, and run this again",
      );
    }
    isComplete = !all.some(({ kind }) => kind === "kept");
    if (values["dry-run"]) return print("\nNothing was written (--dry-run).");
    if (all.some(({ kind }) => kind === "add" || kind === "update" || kind === "remove")) {
      if (!values.yes && !confirm("\nMake these changes?")) {
        throw new Failure("Nothing was written", "answer y, or give --yes where nobody can answer");
      }
    }
    await write(resolve(folder), plan);
    for (const line of nextSteps(plan)) print(line);
  });
  return code === 0 && !isComplete ? 1 : code;
}

async function makePlan(folder: string, release: Release): Promise<Plan> {
  if (folder === resolve(fileURLToPath(new URL("../../", import.meta.url)))) {
    throw usage("This is chime-page itself: give the folder of your own project");
  }
  const config = await readText(join(folder, CONFIG));
  if (config === undefined) {
    throw new Failure(
      `${folder} has no ${CONFIG}`,
      "give the folder of your Supabase project; in a new one, run npx supabase init first",
    );
  }
  if (exposesSchema(config)) {
    throw new Failure(
      `${CONFIG} exposes the schema chime_page to the API`,
      'remove "chime_page" from schemas in the section [api]: the schema is private',
    );
  }
  const manifest = await readManifest(join(folder, MANIFEST));
  const migrations = await readdir(join(folder, "supabase/migrations")).catch(() => []);
  const theirs = new Map<string, string>();
  for (const path of new Set([...release.files.keys(), ...Object.keys(manifest?.files ?? {})])) {
    const text = await readText(join(folder, path));
    if (text !== undefined) theirs.set(path, text);
  }
  const changes = planFiles(release.files, theirs, migrations, manifest);
  const section = planSection(config, release.section, manifest?.section);
  return { release, changes, section, later: laterMigration(changes, migrations) };
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return undefined;
    throw error;
  }
}

async function readManifest(path: string): Promise<Manifest | undefined> {
  const text = await readText(path);
  if (text === undefined) return undefined;
  try {
    const manifest = JSON.parse(text) as Manifest;
    // Only what an earlier run can have written may ever be removed.
    const isOurs = (name: string) =>
      /^supabase\/(functions\/chime-page|migrations)\/[\w.-]+$/.test(name);
    if (!Object.keys(manifest.files).every(isOurs)) throw new Error();
    return manifest;
  } catch {
    throw new Failure(
      `Cannot read ${MANIFEST}`,
      "restore it from your history; without it, changed files cannot be told from yours",
    );
  }
}

const LABELS: Readonly<Record<Exclude<Change["kind"], "same">, string>> = {
  add: "add",
  update: "update",
  remove: "remove",
  kept: "KEPT",
  blocked: "BLOCKED",
};

/** The lines that show what will change. */
function* describe({ release, changes, section }: Plan): Generator<string> {
  yield `chime-page ${release.version}\n`;
  let same = 0;
  for (const { kind, path, reason } of [...changes, section]) {
    if (kind === "same") same++;
    else yield `  ${LABELS[kind].padEnd(8)}${path}${reason === undefined ? "" : `: ${reason}`}`;
    if (path === CONFIG && (kind === "add" || kind === "update")) {
      for (const line of release.section.split("\n")) yield `            ${line}`;
    }
  }
  if (same > 0) yield `  ${same} ${same === 1 ? "file is" : "files are"} up to date`;
}

async function write(folder: string, { release, changes, section }: Plan): Promise<void> {
  for (const { kind, path } of changes) {
    const target = join(folder, path);
    if (kind === "remove") await rm(target);
    if (kind !== "add" && kind !== "update") continue;
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, release.files.get(path) ?? "");
  }
  if (section.kind === "add" || section.kind === "update") {
    await writeFile(join(folder, CONFIG), section.text);
  }
  const manifest: Manifest = {
    version: release.version,
    files: Object.fromEntries(
      [...release.files].map(([path, text]) => [path, fingerprint(text)]),
    ),
    section: fingerprint(release.section),
  };
  await writeFile(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
}

if (import.meta.main) {
  Deno.exit(
    await adopt(Deno.args, {
      print: terminal().print,
      confirm: (question) => Deno.stdin.isTerminal() && confirm(question),
      release: readRelease,
    }),
  );
}
