/** The texts in which a page names the person the visit is with. */
interface NamingTexts {
  readonly waiting: string;
  readonly nextWaiting: string;
  readonly expected: string;
}

/**
 * Returns texts for the page of a person with whom nobody else is listed, such as a patient who waits
 * for whoever is on call. They name nobody.
 */
export function aloneTexts(
  { checkedIn, nextOpen }: { readonly checkedIn: string; readonly nextOpen: string },
): NamingTexts {
  return { waiting: checkedIn, nextWaiting: nextOpen, expected: nextOpen };
}
