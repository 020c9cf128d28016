/** Versions stand near the start of a user agent. Searching a long one costs quadratic time. */
const READ_CHARACTERS = 1_000;

/**
 * Whether a browser is older than the oldest engines the page works in: Android WebView and Chrome 92
 * (the Chime SDK's own minimum), iOS 14.3 (the first with a camera in web views). The server asks
 * before it spends a link; the client asks again, for documents that a host app kept or fetched.
 * @param userAgent unknown browsers pass
 */
export function belowFloor(userAgent: string): boolean {
  const start = userAgent.slice(0, READ_CHARACTERS);
  const chrome = /Chrom(?:e|ium)\/(\d+)/.exec(start);
  if (chrome !== null) return Number(chrome[1]) < 92;
  const ios = /\b(?:iPhone|iPad|iPod)\b.*?\bOS (\d+)_(\d+)/.exec(start);
  return ios !== null && Number(ios[1]) * 100 + Number(ios[2]) < 1403;
}
