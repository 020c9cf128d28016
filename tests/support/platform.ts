/** The Deno of the hosted platform. */
const PLATFORM_DENO = "2.1.4";

const root = new URL("../../", import.meta.url);

/** The platform's Deno and a copy of `supabase/`, without the rest of the project around it. */
export interface Platform {
  /** Executable of Deno 2.1.4. */
  readonly deno: string;
  /** The copied `supabase/`. */
  readonly supabaseDir: string;
  /** Flags that limit it to the copy. */
  readonly flags: readonly string[];
  /** A copy of the worker beside it. */
  readonly worker: string;
  remove(): Promise<void>;
}

/** Fetches the platform's Deno from npm, once a machine, and copies what is deployed. */
export async function preparePlatform(): Promise<Platform> {
  const folder = await Deno.makeTempDir({ prefix: "chime-page-platform-" });
  const deno = await locateDeno(folder);
  const supabaseDir = `${folder}/supabase`;
  await copy(new URL("supabase/", root), supabaseDir);
  const worker = `${folder}/worker.ts`;
  await Deno.copyFile(new URL("dev/function/worker.ts", root), worker);
  const config = `${supabaseDir}/functions/chime-page/deno.json`;
  const flags = ["--no-lock", "--config", config];
  return {
    deno,
    flags,
    supabaseDir,
    worker,
    remove: () => Deno.remove(folder, { recursive: true }),
  };
}

/** Runs in an empty folder, because 2.1.4 cannot read the version of the project's lock file. */
async function locateDeno(cwd: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("npx", {
    args: ["--yes", `deno@${PLATFORM_DENO}`, "eval", "console.log(Deno.execPath())"],
    cwd,
    stdout: "piped",
    stderr: "piped",
  }).output();
  const text = new TextDecoder();
  if (!success) throw new Error(`Cannot get Deno ${PLATFORM_DENO}: ${text.decode(stderr)}`);
  return text.decode(stdout).trim();
}

async function copy(from: URL, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (name.startsWith(".")) continue;
    if (isDirectory) await copy(new URL(`${name}/`, from), `${to}/${name}`);
    else await Deno.copyFile(new URL(name, from), `${to}/${name}`);
  }
}
