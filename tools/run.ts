/** Writes a line to the person at the terminal. */
export function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

/** Runs Deno with these arguments, its output shown as it comes; answers whether it succeeded. */
export async function runDeno(
  args: readonly string[],
  options: {
    readonly deno?: string;
    readonly cwd?: string;
    readonly env?: Record<string, string>;
  } = {},
): Promise<boolean> {
  const { deno = Deno.execPath(), ...rest } = options;
  const { success } = await new Deno.Command(deno, {
    args: [...args],
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
    cwd: new URL("../", import.meta.url),
    ...rest,
  }).spawn().status;
  return success;
}
