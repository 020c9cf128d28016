/** A token bucket: so many at once, and so many more a second. */
export interface Bucket {
  /** Takes one. Answers 0, or the whole seconds after which there will be one again. */
  take(): number;
  /** Gives one back that was taken and turned out to be nobody's fault. */
  giveBack(): void;
}

/** How much a {@link Bucket} holds and how fast it fills. */
export interface BucketRule {
  readonly size: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Makes a full bucket. It limits one process, and saves upstream services rather than guards them. */
export function createBucket({ size, perSecond, now }: BucketRule): Bucket {
  let left = size;
  let at = now();
  return {
    take() {
      const time = now();
      left = Math.min(size, left + Math.max(0, time - at) / 1000 * perSecond);
      at = time;
      if (left < 1) return Math.max(1, Math.ceil((1 - left) / perSecond));
      left--;
      return 0;
    },
    giveBack() {
      left = Math.min(size, left + 1);
    },
  };
}
