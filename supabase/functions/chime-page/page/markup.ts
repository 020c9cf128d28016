/** Small helpers to write HTML safely with Hono's `html`. */
import { html, raw } from "hono/html";

/** What `html` gives: escaped markup. */
export type Markup = ReturnType<typeof html>;

/** The text of a document whose parts were all there at once. */
export function documentText(markup: Markup): string {
  if (markup instanceof Promise) throw new Error("Cannot render a document of promises");
  return markup.toString().trimStart();
}

/**
 * The same markup without the blanks between its tags, up to a document's first data block: those
 * are an editor's, and cost the reader bytes.
 */
export function tight(text: string): string {
  const [markup = "", ...rest] = text.split(/(?=<script type="application\/json")/);
  return markup.replace(/>[ \n]+</g, "><").replace(/\n */g, " ") + rest.join("");
}

/**
 * A sentence with a person's name in it. The name is isolated (`<bdi>`), so that one written from
 * right to left, or with direction marks inside, cannot turn the sentence around.
 */
export function sentence(text: string, name: string): Markup {
  const [before = "", after = ""] = text.split("{name}");
  return text.includes("{name}") ? html`${before}<bdi>${name}</bdi>${after}` : html`${text}`;
}

/**
 * JSON for a `<script type="application/json">` block. No `<` is left, so that neither `</script>`
 * nor `<!--` in a value can end or bend the block (HTML standard, 4.12.1.3), and no U+2028 or
 * U+2029 either.
 */
export function jsonForScript(value: unknown): Markup {
  const escaped = JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return html`${raw(escaped)}`;
}
