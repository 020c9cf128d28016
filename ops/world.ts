/** What a command takes from outside; tests hand in their own. */
export interface World {
  /** A line for the person at the terminal. */
  readonly print: (line: string) => void;
  readonly env: (name: string) => string | undefined;
  readonly sleep: (ms: number) => Promise<void>;
  /** Runs a program with its output shown; answers its exit code. */
  readonly run: (command: string, args: readonly string[]) => Promise<number>;
}

/** The person's terminal. */
export function terminal(): World {
  return {
    print: (line) => void Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`)),
    env: (name) => Deno.env.get(name) || undefined,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    run: async (command, args) => {
      const { code } = await new Deno.Command(command, {
        args: [...args],
        stdin: "inherit",
        stdout: "inherit",
        stderr: "inherit",
      }).spawn().status;
      return code;
    },
  };
}
