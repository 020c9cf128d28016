/** The real Supabase CLI from npm, against a stand-in of the Management API. */
import { join } from "node:path";
import { type ManagementApi, startManagementApi } from "../../dev/supabase/management.ts";
import { SUPABASE_CLI } from "../../ops/supabase_cli.ts";

/** What the CLI answered. */
export interface CliAnswer {
  readonly code: number;
  /** Both outputs. */
  readonly text: string;
}

export const PROJECT = "abcdefghijklmnopqrst";
const TOKEN = `sbp_${"0123456789".repeat(4)}`;

export interface SupabaseCli {
  readonly api: ManagementApi;
  /** Runs a command in a folder, without a terminal. */
  run(folder: string, args: readonly string[], env?: Record<string, string>): Promise<CliAnswer>;
  /** Runs a command, and throws what it printed unless it succeeds. */
  succeed(folder: string, args: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

/** Fetches the CLI from npm, once a machine, and starts the stand-in. */
export async function startCli(): Promise<SupabaseCli> {
  const home = await Deno.makeTempDir({ prefix: "chime-page-cli-" });
  const program = await locateCli();
  const api = startManagementApi({ tokens: [TOKEN], projects: [PROJECT] });
  const profile = join(home, "profile.yaml");
  await Deno.writeTextFile(
    profile,
    `name: stand-in\napi_url: ${api.url}\ndashboard_url: ${api.url}\ndocs_url: ${api.url}\n` +
      "project_host: supabase.invalid\n",
  );
  const run: SupabaseCli["run"] = async (folder, args, env = {}) => {
    const { code, stdout, stderr } = await new Deno.Command(program, {
      args: [...args],
      cwd: folder,
      clearEnv: true,
      env: {
        PATH: Deno.env.get("PATH") ?? "",
        // Nothing of this machine's own account.
        HOME: home,
        DO_NOT_TRACK: "1",
        SUPABASE_TELEMETRY_DISABLED: "1",
        SUPABASE_PROFILE: profile,
        SUPABASE_ACCESS_TOKEN: TOKEN,
        ...env,
      },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).output();
    const text = new TextDecoder();
    return { code, text: text.decode(stdout) + text.decode(stderr) };
  };
  return {
    api,
    run,
    succeed: async (folder, args) => {
      const { code, text } = await run(folder, args);
      if (code !== 0) throw new Error(`supabase ${args.join(" ")} failed:\n${text}`);
      return text;
    },
    stop: async () => {
      await api.close();
      await Deno.remove(home, { recursive: true });
    },
  };
}

/** The path of the program. npm, because Deno cannot install a package with missing platforms. */
export async function locateCli(): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("npx", {
    args: ["--yes", `--package=${SUPABASE_CLI}`, "-c", "command -v supabase"],
    stdout: "piped",
    stderr: "piped",
  }).output();
  const text = new TextDecoder();
  if (!success) throw new Error(`Cannot get ${SUPABASE_CLI}: ${text.decode(stderr)}`);
  return text.decode(stdout).trim();
}
