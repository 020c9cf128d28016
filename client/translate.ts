/**
 * Says a whole document in another language, while it is used. Every text on the page is one of the
 * language's texts, some with a name or number in their places: so the texts of the old language
 * tell which one each is, and nothing of the page has to remember it.
 */

/** Texts by their keys. */
export type Texts = Readonly<Record<string, string>>;

const ATTRIBUTES = ["aria-label", "placeholder", "title", "alt"];
const PLACE = /\{(\w+)\}/;

/** A text split at its places: words at even indexes, names of places at odd ones. */
const split = (text: string) => text.split(PLACE);

interface Pattern {
  readonly shape: RegExp;
  readonly places: readonly string[];
  readonly next: string;
  /** The more of a text is fixed, the surer it is meant. */
  readonly fixed: number;
}

function pattern(old: string, next: string): Pattern {
  const parts = split(old);
  const words = parts.filter((_, index) => index % 2 === 0);
  const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return {
    shape: new RegExp(`^${escaped.join("(.+)")}$`, "s"),
    places: parts.filter((_, index) => index % 2 === 1),
    next,
    fixed: words.join("").length,
  };
}

/** What was understood of one text: its template in the other language, and what stood in its places. */
interface Reading {
  readonly template: string;
  readonly values: Texts;
}

/** Reads texts of one language, for another. */
function createReader(from: Texts, to: Texts): (text: string) => Reading | null {
  const whole = new Map<string, string>();
  const patterns: Pattern[] = [];
  for (const [key, old] of Object.entries(from)) {
    const next = to[key];
    if (next === undefined) continue;
    if (PLACE.test(old)) patterns.push(pattern(old, next));
    else whole.set(old, next);
  }
  patterns.sort((one, other) => other.fixed - one.fixed);
  return (text) => {
    const template = whole.get(text);
    if (template !== undefined) return { template, values: {} };
    for (const { shape, places, next } of patterns) {
      const found = shape.exec(text);
      if (found === null) continue;
      const values = places.map((place, index) => [place, found[index + 1] ?? ""]);
      return { template: next, values: Object.fromEntries(values) };
    }
    return null;
  };
}

const filled = ({ template, values }: Reading) =>
  split(template).map((part, index) => index % 2 === 0 ? part : values[part] ?? "").join("");

/**
 * Says everything inside the roots in the other language. What people wrote or are called is left
 * alone: `<bdi>`, and whatever is marked `translate="no"`.
 */
export function translate(roots: readonly Element[], from: Texts, to: Texts): void {
  const read = createReader(from, to);

  function whole(element: Element): boolean {
    const reading = read(element.textContent?.trim() ?? "");
    if (reading === null) return false;
    if (element.children.length === 0) {
      element.textContent = filled(reading);
      return true;
    }
    const page = element.ownerDocument;
    // Values that stood isolated stay so: a name must not turn the sentence around.
    element.replaceChildren(
      ...split(reading.template).map((part, index) => {
        if (index % 2 === 0) return part;
        const isolated = page.createElement("bdi");
        isolated.textContent = reading.values[part] ?? "";
        return isolated;
      }),
    );
    return true;
  }
  function visit(element: Element): void {
    if (element.closest("bdi, script, style, [translate=no]") !== null) return;
    for (const name of ATTRIBUTES) {
      const reading = read(element.getAttribute(name) ?? "");
      if (reading !== null) element.setAttribute(name, filled(reading));
    }
    const children = [...element.children];
    if (children.every(({ tagName }) => tagName === "BDI") && whole(element)) return;
    for (const node of element.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE) continue;
      const reading = read(node.textContent?.trim() ?? "");
      if (reading !== null) node.textContent = filled(reading);
    }
    children.forEach(visit);
  }
  roots.forEach(visit);
}
