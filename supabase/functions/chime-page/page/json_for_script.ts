import { raw } from "hono/html";

/**
 * JSON for a `<script type="application/json">` block. Escapes `<`, so that neither `</script>` nor
 * `<!--` in a value can end or alter the block (HTML standard, 4.12.1.3), and U+2028 and U+2029.
 */
export function jsonForScript(value: unknown) {
  return raw(
    JSON.stringify(value).replace(
      /[<>&\u2028\u2029]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    ),
  );
}
