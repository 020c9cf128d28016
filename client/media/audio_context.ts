/** Web Audio, also before iOS 14.5, which only has it with a prefix. */

/** Globals that create an audio context. */
export interface AudioScope {
  readonly AudioContext?: typeof AudioContext;
  readonly webkitAudioContext?: typeof AudioContext;
}

/** Creates an audio context. Throws where there is none. */
export function createAudioContext(scope: AudioScope = globalThis as AudioScope): AudioContext {
  const Context = scope.AudioContext ?? scope.webkitAudioContext;
  if (Context === undefined) throw new Error("Cannot find Web Audio");
  return new Context();
}
