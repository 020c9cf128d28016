import { createHash } from "node:crypto";

/**
 * The folder of the development database, by a hash of the migrations. It holds only demo data, so
 * databases of other migrations are removed and not migrated.
 */
export async function developmentDatabase(root: string): Promise<string> {
  const hash = createHash("sha256");
  const migrations = `${root}supabase/migrations`;
  const names = (await Array.fromAsync(Deno.readDir(migrations))).map(({ name }) => name).sort();
  for (const name of names) {
    hash.update(name).update(await Deno.readFile(`${migrations}/${name}`));
  }
  const folder = `${root}.cache/postgres`;
  const current = hash.digest("hex").slice(0, 16);
  await Deno.mkdir(folder, { recursive: true });
  for await (const { name } of Deno.readDir(folder)) {
    if (name !== current) await Deno.remove(`${folder}/${name}`, { recursive: true });
  }
  return `${folder}/${current}`;
}
