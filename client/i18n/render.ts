/** Texts with people's names in them. */

/**
 * Writes a text into an element; a name in it (`{name}`) is isolated, so that its direction or
 * direction marks cannot turn the rest around.
 */
export function write(element: Element, text: string, name = ""): void {
  // What is written anew is read out anew.
  if (element.textContent === text.replace("{name}", () => name)) return;
  const [before = "", after] = text.split("{name}");
  if (after === undefined) {
    element.textContent = text;
    return;
  }
  const isolated = element.ownerDocument.createElement("bdi");
  isolated.textContent = name;
  element.replaceChildren(before, isolated, after);
}
