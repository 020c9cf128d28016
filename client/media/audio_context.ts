/** Web Audio, which Safari has under a prefix until iOS 14.5. */
declare global {
  var webkitAudioContext: typeof AudioContext | undefined;
}

/** Creates an audio context; throws in engines without Web Audio. */
export function createAudioContext(): AudioContext {
  return new (globalThis.AudioContext ?? globalThis.webkitAudioContext)();
}
