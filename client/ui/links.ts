/** Finds links in what people write. Pure. */

/** A piece of a text, and whether it is a link. The pieces together are the text. */
export interface Piece {
  readonly text: string;
  readonly link: boolean;
}

/**
 * An address from its scheme to the last character that is not punctuation of the sentence around
 * it. Brackets belong to it only in pairs, as in `…/wiki/Malaria_(disease)`. It ends at invisible
 * characters, which could reorder what is shown.
 */
const ADDRESS =
  /\bhttps?:\/\/(?:\([^\s()<>"`\p{C}]*\)|[^\s()<>"`\p{C}])*(?:\([^\s()<>"`\p{C}]*\)|[^\s()<>"`\p{C}\p{P}]|[-/_#%&@])/giu;

/** Whether an address leads where it seems to: `https://clinic.example@other.example` does not. */
function isHonest(address: string): boolean {
  try {
    const { username, password } = new URL(address);
    return username + password === "";
  } catch {
    return false;
  }
}

/** Splits a text into links, with the scheme `http` or `https`, and what is between them. */
export function splitLinks(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  const add = (start: number, stop: number, link: boolean) => {
    if (stop > start) pieces.push({ text: text.slice(start, stop), link });
    end = stop;
  };
  for (const { 0: address, index = 0 } of text.matchAll(ADDRESS)) {
    if (!isHonest(address)) continue;
    add(end, index, false);
    add(index, index + address.length, true);
  }
  add(end, text.length, false);
  return pieces;
}
