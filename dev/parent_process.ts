/** The parent of a process, by `/proc` or, on macOS, by `ps`; undefined where neither knows. */
async function parentOf(pid: number): Promise<number | undefined> {
  try {
    const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
    // The process name before it is in brackets and may contain brackets itself.
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    if (Deno.build.os !== "darwin") return undefined;
    const { stdout } = await new Deno.Command("ps", { args: ["-o", "ppid=", "-p", String(pid)] })
      .output();
    return Number(new TextDecoder().decode(stdout)) || undefined;
  }
}

/**
 * Resolves when npx, which started this process, has exited: a signal to `npx … deno task dev` ends
 * npx, but Deno's launcher does not pass it on. Never resolves where something else started this
 * process, because a shell may exit and leave it running on purpose.
 */
export async function npxExited(pollMs = 1_000): Promise<void> {
  if (Deno.env.get("npm_lifecycle_event") !== "npx") return await new Promise(() => {});
  const before = [Deno.ppid, await parentOf(Deno.ppid)];
  for (;;) {
    await new Promise((done) => setTimeout(done, pollMs));
    const now = [Deno.ppid, await parentOf(Deno.ppid)];
    if (now.some((pid, at) => pid !== before[at])) return;
  }
}
