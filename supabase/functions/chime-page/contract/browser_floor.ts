/** The versions stand near the beginning; the rest is searched for nothing, at a cost that squares. */
const READ_CHARACTERS = 1_000;

/**
 * The oldest engines the page works in: Android WebView and Chrome 92 (the Chime SDK's own floor),
 * iOS 14.3 (the first with a camera in web views). Pure; `client/visit/browser_floor.ts` says the same.
 * @param userAgent engines hide much of it, but neither of these versions; an unknown one passes
 */
export function belowFloor(userAgent: string): boolean {
  const begin = userAgent.slice(0, READ_CHARACTERS);
  const chrome = /Chrom(?:e|ium)\/(\d+)/.exec(begin);
  if (chrome !== null) return Number(chrome[1]) < 92;
  const ios = /\b(?:iPhone|iPad|iPod)\b.*?\bOS (\d+)_(\d+)/.exec(begin);
  return ios !== null && Number(ios[1]) * 100 + Number(ios[2]) < 1403;
}
