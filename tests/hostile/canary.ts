/** A string in everything that a hostile client sends, so that its return can be noticed. */
export const CANARY = "zqmark7e57";
/** The same with quotes and tags that would break out of markup. */
export const BREAKOUT = `${CANARY}"'><svg onload=${CANARY}>`;
