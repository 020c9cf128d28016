/** The checkout. */
export const root = new URL("../../", import.meta.url);

/** Starts `deno task dev` on any free port, and returns its first line of output. */
export async function startDev(...args: string[]) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "dev", "--port", "0", ...args],
    cwd: root,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const progress = new Response(child.stderr).text();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  /** Reads until the output contains a string; returns all output so far. */
  const read = async (wanted: string) => {
    while (!text.includes(wanted)) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`Ended before "${wanted}": ${text}\n${await progress}`);
      text += value;
    }
    return text;
  };
  await read("\n");
  return {
    line: text.slice(0, text.indexOf("\n")),
    read,
    /** What it told the person at the terminal; resolves when it has ended. */
    progress,
    stop: async (signal: Deno.Signal) => {
      child.kill(signal);
      const { code } = await child.status;
      await reader.cancel();
      await progress;
      return code;
    },
  };
}

/** Runs `deno task dev` until it ends by itself. */
export async function runDev(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "dev", "--port", "0", ...args],
    cwd: root,
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}
