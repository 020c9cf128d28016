/**
 * Whoever ends `npx … deno task dev` by a signal ends npx alone: npm's launcher of Deno hands no
 * signal on, and everything would go on with its ports taken. So this process looks for itself
 * whether those that began it are still there.
 */

/** Parent of a process, by `/proc` or, where there is none, by `ps`; undefined: it can't be told. */
async function parentOf(pid: number): Promise<number | undefined> {
  try {
    const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
    // The name before it stands in brackets and may hold any of its own.
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    if (Deno.build.os !== "darwin") return undefined;
    const { stdout } = await new Deno.Command("ps", { args: ["-o", "ppid=", "-p", String(pid)] })
      .output();
    return Number(new TextDecoder().decode(stdout)) || undefined;
  }
}

/**
 * Fulfilled when npx, which began this process, is gone; never where something else began it, for a
 * shell may end and leave its work running on purpose.
 */
export async function npxGone(pollMs = 1_000): Promise<void> {
  if (Deno.env.get("npm_lifecycle_event") !== "npx") return await new Promise(() => {});
  const before = [Deno.ppid, await parentOf(Deno.ppid)];
  for (;;) {
    await new Promise((done) => setTimeout(done, pollMs));
    const now = [Deno.ppid, await parentOf(Deno.ppid)];
    if (now.some((pid, at) => pid !== before[at])) return;
  }
}
