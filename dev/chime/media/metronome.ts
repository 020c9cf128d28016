/**
 * Calls `beat` once for every `milliseconds` that pass, catching up where the event loop was late.
 * Returns what stops it.
 */
export function startMetronome(
  milliseconds: number,
  beat: () => void,
  clock: () => number = () => performance.now(),
): () => void {
  let next = clock() + milliseconds;
  const timer = setInterval(() => {
    const now = clock();
    // After a long stop there is no use in playing what nobody heard.
    if (now - next > 25 * milliseconds) next = now;
    for (; next <= now; next += milliseconds) beat();
  }, milliseconds / 2);
  return () => clearInterval(timer);
}
