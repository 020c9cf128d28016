/// <reference lib="dom" />
/** Two seconds of spectra, as often as the analyser has new data. */
const SPECTRUM_MS = 170;
const SPECTRA = 12;
/** Anything softer counts as silence. */
const SILENCE_DB = -90;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** Measures tones in what an audio element plays. */
export class ToneMeter {
  readonly #analyser: AnalyserNode;
  /** Spectra of the last seconds, the newest last. */
  #spectra: Float32Array[] = [];
  #track: MediaStreamTrack | undefined;
  #source: MediaStreamAudioSourceNode | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly audio: HTMLAudioElement,
    private readonly context: AudioContext,
  ) {
    this.#analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
  }

  /**
   * How far each tone stands out, in decibels: the median of the last two seconds, because a gap in the
   * sound is a click that contains every tone. `NaN` until there are so many.
   */
  read(tones: readonly number[]): number[] {
    this.#connect();
    if (this.#spectra.length < SPECTRA) return tones.map(() => NaN);
    return tones.map((tone) => median(this.#spectra.map((bins) => this.#prominence(bins, tone))));
  }

  /** Level above the bins beside the tone, or above silence. */
  #prominence(bins: Float32Array, tone: number): number {
    const bin = Math.round(tone / (this.context.sampleRate / this.#analyser.fftSize));
    const beside = [...bins.subarray(bin - 20, bin - 7), ...bins.subarray(bin + 8, bin + 21)];
    return Math.max(...bins.subarray(bin - 2, bin + 3)) - Math.max(SILENCE_DB, median(beside));
  }

  /** Connects to what the audio element plays now; after a reconnect that is another track. */
  #connect(): void {
    const stream = this.audio.srcObject;
    const track = stream instanceof MediaStream ? stream.getAudioTracks()[0] : undefined;
    if (track === undefined || track === this.#track) return;
    this.#track = track;
    this.#spectra = [];
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#record(), SPECTRUM_MS);
    this.#source?.disconnect();
    this.#source = this.context.createMediaStreamSource(new MediaStream([track]));
    this.#source.connect(this.#analyser);
  }

  #record(): void {
    const bins = new Float32Array(this.#analyser.frequencyBinCount);
    this.#analyser.getFloatFrequencyData(bins);
    this.#spectra = [...this.#spectra, bins].slice(-SPECTRA);
  }
}
