/** Level meter for the microphone. */
import { createAudioContext } from "./audio_context.ts";

/**
 * Loudness on a scale of 60 dB, from 0 to 100.
 * @param samples centered on 128, from `getByteTimeDomainData`
 */
export function loudness(samples: Uint8Array): number {
  const power = samples.reduce((sum, value) => sum + (value - 128) ** 2, 0) / samples.length;
  const decibels = 10 * Math.log10(power / 128 ** 2 + 1e-9);
  return Math.max(0, Math.min(100, Math.round((decibels + 60) / 60 * 100)));
}

/**
 * Calls `show` with the level of a stream, 0 to 100, ten times a second.
 * @returns a function that stops the meter
 */
export function showLevel(stream: MediaStream, show: (level: number) => void): () => void {
  let context: AudioContext;
  try {
    context = createAudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 512;
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Uint8Array(analyser.fftSize);
    const timer = setInterval(() => {
      // Browsers may keep it suspended until the first tap.
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
    // The meter is optional.
    return () => undefined;
  }
}
