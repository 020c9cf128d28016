/**
 * Says a whole document in another language, while it is used. Every text on the page is one of the
 * language's texts, some with a name or a number in their places: so the texts of the old language
 * tell which one each is, and nothing of the page has to remember it.
 *
 * What people wrote or are called may equal such a text: it stands in `<bdi>` or is marked
 * `translate="no"`, and nothing there is touched.
 */

/** Texts by their keys. */
export type Texts = Readonly<Record<string, string>>;

const ATTRIBUTES = ["aria-label", "placeholder", "title", "alt"];
const PEOPLES = "bdi, script, style, .face, [translate=no]";

/** Says everything inside the roots in the other language. */
export function translate(roots: readonly Element[], from: Texts, to: Texts): void {
  const texts = new Map(Object.entries(from).map(([key, old]) => [old, to[key] ?? old]));
  /** A text without a name in it; a number stands where `{count}` does. */
  const read = (text: string): string | undefined => {
    const count = /\d+/.exec(text)?.[0] ?? "";
    return texts.get(text) ?? texts.get(text.replace(count, "{count}"))?.replace("{count}", count);
  };
  /** A sentence with a name in it: the element that holds the name goes to its new place. */
  function sentence(element: Element, name: Element): void {
    const words = [...element.childNodes].map((node) =>
      node === name ? "{name}" : node.textContent
    );
    const next = texts.get(words.join("").trim());
    if (next === undefined) return;
    const [before = "", after = ""] = next.split("{name}");
    element.replaceChildren(before, name, after);
  }
  function visit(element: Element): void {
    if (element.closest(PEOPLES) !== null) return;
    for (const name of ATTRIBUTES) {
      const next = read(element.getAttribute(name) ?? "");
      if (next !== undefined) element.setAttribute(name, next);
    }
    const [first, ...others] = element.children;
    if (first?.tagName === "BDI" && others.length === 0) return sentence(element, first);
    for (const node of element.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE) continue;
      const next = read(node.textContent?.trim() ?? "");
      if (next !== undefined) node.textContent = next;
    }
    [...element.children].forEach(visit);
  }
  roots.forEach(visit);
}
