export type Job = () => Promise<void>;

export interface Lanes {
  /** How many jobs run side by side. */
  readonly all: number;
  /** How many of them may be of the first kind. */
  readonly first: number;
}

/**
 * Runs all jobs, as many side by side as there are lanes, in the order given.
 * @param first jobs of which only `lanes.first` may run side by side
 * @param others jobs for the other lanes, and for those that are done with the first kind
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
