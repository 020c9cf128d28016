/**
 * Whether this engine is older than the page's floor, for documents that did not come straight from
 * the server, which asks the same (`contract/browser_floor.ts` there; a test holds them together). Pure.
 */
export function belowFloor(userAgent: string): boolean {
  const chrome = /Chrom(?:e|ium)\/(\d+)/.exec(userAgent);
  if (chrome !== null) return Number(chrome[1]) < 92;
  const ios = /\b(?:iPhone|iPad|iPod)\b.*?\bOS (\d+)_(\d+)/.exec(userAgent);
  return ios !== null && Number(ios[1]) * 100 + Number(ios[2]) < 1403;
}
