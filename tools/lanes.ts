/** Work that runs side by side. */

/** One piece of it. */
export type Job = () => Promise<void>;

/** How work is shared out. */
export interface Lanes {
  /** How many jobs run side by side. */
  readonly all: number;
  /** How many of them may be of the first kind. */
  readonly first: number;
}

/**
 * Runs all jobs, each lane the next one that is waiting, in the order given.
 * @param first begun at once; few of these may run side by side
 * @param others for the lanes that have no job of the first kind, or none any more
 */
export async function runInLanes(
  lanes: Lanes,
  first: readonly Job[],
  others: readonly Job[],
): Promise<void> {
  const work = async (jobs: Job[]) => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) await job();
  };
  const [begun, waiting] = [[...first], [...others]];
  await Promise.all(
    Array.from({ length: lanes.all }, async (_, lane) => {
      if (lane < lanes.first) await work(begun);
      await work(waiting);
    }),
  );
}
