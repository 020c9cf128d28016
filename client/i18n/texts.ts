/**
 * The texts of the page by key. An element that shows one carries its key (`data-text`, or
 * `data-label` for its `aria-label`) and the values in it, so that it can be rendered again when the
 * language changes.
 */
import type {
  ClientTextKey,
  DocumentTexts,
} from "../../supabase/functions/chime-page/contract/page_data.ts";

/** What stands for `{name}` and `{count}` in a text. */
export interface Values {
  readonly name?: string | undefined;
  readonly count?: string | undefined;
}

/** A text of the page, or one that exists in one language only, such as what somebody is called. */
export type Text = ClientTextKey | { readonly verbatim: string };

/** Texts in the language of the page. */
export interface Texts {
  /** A text as plain characters. */
  t(key: ClientTextKey, values?: Values): string;
  /** Makes a text the content of an element; null empties it. */
  say(element: HTMLElement, text: Text | null, values?: Values): void;
  /** Makes a text the accessible name of an element; null removes it. */
  label(element: HTMLElement, text: Text | null, values?: Values): void;
  /** Takes further texts, or the same in another language. */
  add(texts: Readonly<Record<string, string>>): void;
  /** Renders an element again by the keys it carries. */
  render(element: HTMLElement): void;
}

/** @param first those that came with the document */
export function createTexts(first: DocumentTexts): Texts {
  const texts: Record<string, string> = { ...first };
  const t = (key: string, { name = "", count = "" }: Values = {}) =>
    (texts[key] ?? "").replace("{count}", count).replace("{name}", () => name);

  /** A name is isolated: its direction, or direction marks in it, cannot turn the rest around. */
  function write(element: HTMLElement, text: string, name = ""): void {
    const whole = text.replace("{name}", () => name);
    // Screen readers read out what is written again.
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
  function carry(element: HTMLElement, key: "text" | "label", text: Text | null, values: Values) {
    const { name, count } = values;
    const carried = { [key]: typeof text === "string" ? text : undefined, name, count };
    for (const [kind, value] of Object.entries(carried)) {
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
      carry(element, "text", text, values);
      if (typeof text !== "string") write(element, text?.verbatim ?? "");
    },
    label(element, text, values = {}) {
      carry(element, "label", text, values);
      if (text === null) element.removeAttribute("aria-label");
      else if (typeof text !== "string") element.setAttribute("aria-label", text.verbatim);
    },
  };
}
