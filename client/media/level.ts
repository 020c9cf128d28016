/** How loud a stream is, for a person who wants to know whether they are heard. */

/** Loudness of samples around 128 (`getByteTimeDomainData`), 0 to 100: 60 dB on a scale. */
export function loudness(samples: Uint8Array): number {
  const power = samples.reduce((sum, value) => sum + (value - 128) ** 2, 0) / samples.length;
  const decibels = 10 * Math.log10(power / 128 ** 2 + 1e-9);
  return Math.max(0, Math.min(100, Math.round((decibels + 60) / 60 * 100)));
}

/** Shows a stream's level until it is told to stop. */
export function showLevel(stream: MediaStream, show: (level: number) => void): () => void {
  let context: AudioContext;
  try {
    context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 512;
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Uint8Array(analyser.fftSize);
    const timer = setInterval(() => {
      // Until the first tap a browser may keep it suspended; then nothing is shown, and that is all.
      if (context.state !== "running") return void context.resume().catch(() => undefined);
      analyser.getByteTimeDomainData(samples);
      show(loudness(samples));
    }, 100);
    return () => {
      clearInterval(timer);
      show(0);
      context.close().catch(() => undefined);
    };
  } catch {
    // A level is a help, not a need.
    return () => undefined;
  }
}
