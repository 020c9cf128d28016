/** Tells speech from silence and from steady noise. */

/** Levels that count as recent: about 1.2 seconds at ten a second. */
const RECENT = 12;
/** How many of them must be loud. Between syllables, speech is quiet. */
const LOUD = 7;
/** Levels for the noise of the room: three seconds. */
const ROOM = 30;
/** About -36 dB: a voice near the phone is louder, breathing and a quiet room are not. */
const LEAST = 40;
/** How much louder than the room a voice is: about 8 dB. */
const ABOVE_ROOM = 14;

/**
 * Creates a detector for one stream. Steady noise, such as a fan or a generator, is never speech,
 * because its quietest moment is as loud as the rest.
 * @returns a function that takes a level (0 to 100, ten a second; see `loudness`) and returns
 * whether somebody has been speaking for about a second
 */
export function createSpeechDetector(): (level: number) => boolean {
  const levels: number[] = [];
  return (level) => {
    levels.push(level);
    if (levels.length > ROOM) levels.shift();
    const threshold = Math.max(LEAST, Math.min(...levels) + ABOVE_ROOM);
    return levels.slice(-RECENT).filter((each) => each >= threshold).length >= LOUD;
  };
}
