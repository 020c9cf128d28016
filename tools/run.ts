import { setPriority } from "node:os";

/** Writes a line to the person at the terminal. */
export function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

export interface RunOptions {
  /** Deno's executable; this process's own by default. */
  readonly deno?: string;
  readonly cwd?: string | URL;
  readonly env?: Record<string, string>;
  /** The command is killed after this time. */
  readonly limitMs?: number;
  /** Runs with a lower priority. */
  readonly background?: boolean;
}

/** Outcome of a command, and everything that it printed. */
export interface Ran {
  readonly success: boolean;
  readonly output: string;
}

/** Less than half of the processor while something else needs it. */
const BACKGROUND_NICENESS = 4;

/** Processes that a command left running may keep its output open. */
const LEFT_BEHIND_MS = 10_000;

/** Runs Deno with these arguments and keeps its output, so that several can run side by side. */
export async function runDeno(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { deno = Deno.execPath(), env, limitMs, background = false, ...rest } = options;
  const child = new Deno.Command(deno, {
    args: [...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    cwd: new URL("../", import.meta.url),
    env: { NO_COLOR: "1", ...env },
    ...rest,
  }).spawn();
  // Inherited by the processes that it starts.
  if (background) setPriority(child.pid, BACKGROUND_NICENESS);
  let output = "";
  const readers = [child.stdout, child.stderr].map((stream) =>
    stream.pipeThrough(new TextDecoderStream()).getReader()
  );
  const drained = Promise.all(readers.map(async (reader) => {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      output += read.value;
    }
  }));
  const limit = limitMs === undefined ? undefined : setTimeout(() => {
    output += `\nNot done after ${limitMs / 60_000} minutes: ended\n`;
    child.kill("SIGKILL");
  }, limitMs);
  const { success } = await child.status;
  clearTimeout(limit);
  const giveUp = setTimeout(() => readers.forEach((reader) => reader.cancel()), LEFT_BEHIND_MS);
  await drained;
  clearTimeout(giveUp);
  return { success, output };
}
