/** Versions are near the start of a user agent, and matching a long one takes quadratic time. */
const MAX_CHARACTERS = 1_000;

/**
 * Whether a browser is too old for the page: below Chrome or Android WebView 92 (the Chime SDK's
 * minimum), or iOS 14.3 (the first with a camera in web views).
 *
 * The server checks before it uses up a link. The client checks again, because a host app may have
 * fetched or cached the document.
 * @param userAgent unknown browsers are not too old
 */
export function belowFloor(userAgent: string): boolean {
  const start = userAgent.slice(0, MAX_CHARACTERS);
  const chrome = /Chrom(?:e|ium)\/(\d+)/.exec(start);
  if (chrome !== null) return Number(chrome[1]) < 92;
  const ios = /\b(?:iPhone|iPad|iPod)\b.*?\bOS (\d+)_(\d+)/.exec(start);
  return ios !== null && Number(ios[1]) * 100 + Number(ios[2]) < 1403;
}
