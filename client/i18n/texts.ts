/**
 * UI strings by key. An element stores the key of its text in `data-text` (or `data-label` for its
 * `aria-label`) along with the values, so that it can be rendered again in another language.
 */
import type {
  ClientTextKey,
  DocumentTexts,
} from "../../supabase/functions/chime-page/contract/text_keys.ts";

/** Values for the placeholders `{name}` and `{count}`. */
export interface Values {
  readonly name?: string | undefined;
  readonly count?: string | undefined;
}

/** A key, or text that is not translated, such as a person's name. */
export type Text = ClientTextKey | { readonly verbatim: string };

/** UI strings in the current language. */
export interface Texts {
  /** Returns a text as a plain string. */
  t(key: ClientTextKey, values?: Values): string;
  /** Sets the content of an element; null empties it. */
  say(element: HTMLElement, text: Text | null, values?: Values): void;
  /** Sets the accessible name of an element; null removes it. */
  label(element: HTMLElement, text: Text | null, values?: Values): void;
  /** Adds texts, or replaces them with another language. */
  add(texts: Readonly<Record<string, string>>): void;
  /** Renders an element again from its stored keys and values. */
  render(element: HTMLElement): void;
}

/** @param first the texts in the document */
export function createTexts(first: DocumentTexts): Texts {
  const texts: Record<string, string> = { ...first };
  const t = (key: string, { name = "", count = "" }: Values = {}) =>
    (texts[key] ?? "").replace("{count}", count).replace("{name}", () => name);

  /** Isolates the name, so that its direction does not affect the rest of the text. */
  function write(element: HTMLElement, text: string, name = ""): void {
    const whole = text.replace("{name}", () => name);
    // Screen readers announce text again if it is rewritten.
    if (element.textContent === whole) return;
    element.textContent = whole;
    const [before = "", after] = text.split("{name}");
    if (after === undefined || element.tagName === "BDI") return;
    const isolated = element.ownerDocument.createElement("bdi");
    isolated.textContent = name;
    element.replaceChildren(before, isolated, after);
  }
  function render(element: HTMLElement): void {
    const { text, label, name, count } = element.dataset;
    if (label) element.setAttribute("aria-label", t(label, { name, count }));
    if (text) write(element, t(text, { name: "{name}", count }), name);
  }
  function store(element: HTMLElement, key: "text" | "label", text: Text | null, values: Values) {
    const { name, count } = values;
    const stored = { [key]: typeof text === "string" ? text : undefined, name, count };
    for (const [kind, value] of Object.entries(stored)) {
      if (value === undefined) delete element.dataset[kind];
      else element.dataset[kind] = value;
    }
    render(element);
  }
  return {
    t,
    render,
    add: (more) => void Object.assign(texts, more),
    say(element, text, values = {}) {
      store(element, "text", text, values);
      if (typeof text !== "string") write(element, text?.verbatim ?? "");
    },
    label(element, text, values = {}) {
      store(element, "label", text, values);
      if (text === null) element.removeAttribute("aria-label");
      else if (typeof text !== "string") element.setAttribute("aria-label", text.verbatim);
    },
  };
}
