/** A word that stands in everything a hostile client sends. */
export const MARKER = "zqmark7e57";
/** The same in quotes and tags that break out of a document's markup. */
export const BREAKOUT = `${MARKER}"'><svg onload=${MARKER}>`;
