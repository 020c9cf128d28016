/** What a command needs from outside; tests pass their own. */
export interface Dependencies {
  readonly print: (line: string) => void;
  /** Reads an environment variable; an empty one counts as unset. */
  readonly env: (name: string) => string | undefined;
  readonly sleep: (ms: number) => Promise<void>;
  /** Runs a program, shows its output, and returns its exit code. */
  readonly run: (command: string, args: readonly string[]) => Promise<number>;
}

/** The dependencies of a command that a person runs at a terminal. */
export function terminal(): Dependencies {
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
