/** One or two letters shown for a person without video. Titles such as "Dr" are ignored. */
export function initials(name: string): string {
  const words = name.replace(/^(dr|pr|prof|mr|mrs|ms|mme|m)\.?\s+/i, "").split(/\s+/);
  const letters = words.map((word) => /[\p{L}\p{N}]/u.exec(word)?.[0])
    .filter((letter): letter is string => letter !== undefined);
  const last = letters.length > 1 ? letters[letters.length - 1] ?? "" : "";
  return ((letters[0] ?? "") + last).toUpperCase();
}
