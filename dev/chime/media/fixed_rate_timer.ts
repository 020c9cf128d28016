/**
 * Calls `tick` once for every `milliseconds` that pass, catching up where the event loop was late.
 * Returns a function that stops it.
 */
export function startFixedRateTimer(
  milliseconds: number,
  tick: () => void,
  clock: () => number = () => performance.now(),
): () => void {
  let next = clock() + milliseconds;
  const timer = setInterval(() => {
    const now = clock();
    // After a long pause, audio that nobody heard in time is not worth playing.
    if (now - next > 25 * milliseconds) next = now;
    for (; next <= now; next += milliseconds) tick();
  }, milliseconds / 2);
  return () => clearInterval(timer);
}
