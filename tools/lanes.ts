/** Work that runs side by side. */

/** One piece of it. */
export type Job = () => Promise<void>;

/**
 * Runs all jobs, at most `lanes` at a time, each lane the next one that is waiting.
 * @param serial run one after another, in this order; their lane helps with the others afterwards
 */
export async function runInLanes(
  lanes: number,
  serial: readonly Job[],
  others: readonly Job[],
): Promise<void> {
  const work = async (jobs: Job[]) => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) await job();
  };
  const waiting = [...others];
  const first = work([...serial]).then(() => work(waiting));
  await Promise.all([first, ...Array.from({ length: lanes - 1 }, () => work(waiting))]);
}
