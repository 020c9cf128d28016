/** The Supabase CLI, from npm at the version that the tests and documents use. */
import { Failure } from "./failure.ts";

/** Package and version. */
export const SUPABASE_CLI = "supabase@3.1.0";

const COMMAND = ["npx", "-y", SUPABASE_CLI] as const;

/** The command line as a person would type it. */
export function commandLine(args: readonly string[]): string {
  return [...COMMAND, ...args].map((part) => /[\s"'$]/.test(part) ? JSON.stringify(part) : part)
    .join(" ");
}

/** Runs the CLI and returns what it prints. Its messages go to the terminal. */
export async function readFromCli(args: readonly string[]): Promise<string> {
  const { success, stdout } = await command(args, "piped").output();
  if (!success) throw cliFailure(args);
  return new TextDecoder().decode(stdout);
}

/** Runs the CLI at the terminal, where it may ask. */
export async function runCli(args: readonly string[]): Promise<void> {
  const { success } = await command(args, "inherit").spawn().status;
  if (!success) throw cliFailure(args);
}

function command(args: readonly string[], stdout: "piped" | "inherit"): Deno.Command {
  const [npx, ...rest] = COMMAND;
  return new Deno.Command(npx, {
    args: [...rest, ...args],
    stdin: "inherit",
    stdout,
    stderr: "inherit",
  });
}

function cliFailure(args: readonly string[]): Failure {
  return new Failure(
    `The Supabase CLI failed: ${commandLine(args)}`,
    "read its message above; sign in with SUPABASE_ACCESS_TOKEN or supabase login",
  );
}
