import { setPriority } from "node:os";

/** Writes a line to the person at the terminal. */
export function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

/** How a command is run. */
export interface RunOptions {
  /** Deno's executable; this process's own by default. */
  readonly deno?: string;
  readonly cwd?: string | URL;
  readonly env?: Record<string, string>;
  /** Ended after so many milliseconds, with everything it started. */
  readonly limitMs?: number;
  /** Yields the processor to whatever is not in the background. */
  readonly background?: boolean;
}

/** What came of a command, and all that it printed, in order. */
export interface Ran {
  readonly success: boolean;
  readonly output: string;
}

/** Less than half of the processor where something else wants it, and still enough to get on. */
const BACKGROUND_NICENESS = 4;

// What a command started and left behind may hold its output open for ever.
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
  // What it starts inherits that.
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
