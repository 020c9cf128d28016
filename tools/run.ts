import { spawn } from "node:child_process";
import { once } from "node:events";
import { setPriority } from "node:os";
import { env as environment } from "node:process";
import { setTimeout as pause } from "node:timers/promises";

export { print } from "../dev/terminal.ts";

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
const LEFT_RUNNING_MS = 10_000;

/** Runs Deno with these arguments and keeps its output, so that several can run side by side. */
export async function runDeno(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { deno = Deno.execPath(), cwd = new URL("../", import.meta.url), limitMs } = options;
  const child = spawn(deno, args, {
    cwd,
    env: { ...environment, NO_COLOR: "1", ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  // Inherited by the processes that it starts.
  if (options.background && child.pid) setPriority(child.pid, BACKGROUND_NICENESS);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => output += text);
  }
  const limit = limitMs === undefined ? undefined : setTimeout(() => {
    output += `\nNot done after ${limitMs / 60_000} minutes: ended\n`;
    child.kill("SIGKILL");
  }, limitMs);
  const closed = once(child, "close");
  const [code] = await once(child, "exit");
  clearTimeout(limit);
  await Promise.race([closed, pause(LEFT_RUNNING_MS, undefined, { ref: false })]);
  return { success: code === 0, output };
}
