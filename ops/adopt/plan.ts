import { createHash } from "node:crypto";

/** What `adopt` wrote, kept in the adopter's repository, so that it can tell their files from ours. */
export interface Manifest {
  readonly version: string;
  /** SHA-256 of each file, by its path from the root of their repository. */
  readonly files: Readonly<Record<string, string>>;
  /** SHA-256 of our section in `supabase/config.toml`. */
  readonly section: string;
}

/**
 * - `add`, `update`, `remove`: will be done;
 * - `same`: is already there;
 * - `kept`: a file of ours that they changed; it stays as it is;
 * - `blocked`: theirs, where a file of ours has to be, so nothing can be written.
 */
export type ChangeKind = "add" | "update" | "remove" | "same" | "kept" | "blocked";

/** What happens to one file. */
export interface Change {
  readonly kind: ChangeKind;
  readonly path: string;
  readonly reason?: string;
}

const MIGRATIONS = "supabase/migrations/";

/** SHA-256 of a text, whatever line ends Git has given it. */
export function fingerprint(text: string): string {
  return createHash("sha256").update(text.replaceAll("\r\n", "\n")).digest("hex");
}

/**
 * Compares the files of a release with those of the adopter's repository.
 * @param ours the release's files, by path
 * @param theirs the text of the repository's file at each path of `ours` and of the manifest
 * @param migrations names of all files in their `supabase/migrations`
 */
export function planFiles(
  ours: ReadonlyMap<string, string>,
  theirs: ReadonlyMap<string, string>,
  migrations: readonly string[],
  manifest: Manifest | undefined,
): readonly Change[] {
  const written = manifest?.files ?? {};
  const changes = [...ours].map(([path, text]): Change => {
    const there = theirs.get(path);
    if (there === undefined) return planNew(path, migrations);
    if (fingerprint(there) === fingerprint(text)) return { kind: "same", path };
    const recorded = written[path];
    if (recorded === undefined) {
      return { kind: "blocked", path, reason: "a file of yours with this name is already there" };
    }
    return fingerprint(there) === recorded
      ? { kind: "update", path }
      : { kind: "kept", path, reason: "you changed it, so it is not upgraded" };
  });
  // A migration is history: the CLI refuses to push when one that was applied is missing.
  const old = Object.keys(written).filter((path) =>
    !ours.has(path) && !path.startsWith(MIGRATIONS)
  );
  for (const path of old) {
    const there = theirs.get(path);
    if (there === undefined) continue;
    changes.push(
      fingerprint(there) === written[path]
        ? { kind: "remove", path }
        : { kind: "kept", path, reason: "no longer needed, but you changed it, so it stays" },
    );
  }
  return changes;
}

/** The CLI refuses two migrations of one version. */
function planNew(path: string, migrations: readonly string[]): Change {
  const version = path.startsWith(MIGRATIONS)
    ? versionOf(path.slice(MIGRATIONS.length))
    : undefined;
  const twin = migrations.find((name) => version !== undefined && versionOf(name) === version);
  return twin === undefined
    ? { kind: "add", path }
    : { kind: "blocked", path, reason: `your migration ${twin} has the same version` };
}

/** The version of a migration's file name; undefined for other files. */
export function versionOf(name: string): string | undefined {
  return /^(\d+)_.*\.sql$/.exec(name)?.[1];
}

/** Their newest migration that is dated after one of ours that is new: the push needs `--include-all`. */
export function laterMigration(
  changes: readonly Change[],
  migrations: readonly string[],
): string | undefined {
  const added = changes.filter(({ kind, path }) => kind === "add" && path.startsWith(MIGRATIONS))
    .map(({ path }) => versionOf(path.slice(MIGRATIONS.length)) ?? "").sort();
  const first = added[0];
  const newest = migrations.filter((name) => versionOf(name) !== undefined).sort().at(-1);
  return first !== undefined && newest !== undefined && (versionOf(newest) ?? "") > first
    ? newest
    : undefined;
}
