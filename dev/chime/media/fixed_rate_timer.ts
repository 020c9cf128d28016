/**
 * Calls `tick` once for every `milliseconds` that pass, catching up where the event loop was late.
 * Returns a function that stops it.
 */
export function startFixedRateTimer(
  milliseconds: number,
  tick: () => void,
): () => void {
  let next = performance.now() + milliseconds;
  const timer = setInterval(() => {
    const now = performance.now();
    // After a long pause, audio that is late is not worth playing.
    if (now - next > 25 * milliseconds) next = now;
    for (; next <= now; next += milliseconds) tick();
  }, milliseconds / 2);
  return () => clearInterval(timer);
}
