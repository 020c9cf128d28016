/** The in-call bundle: script, styles, markup and texts of a call in one language. */
import { createHash } from "node:crypto";
import { callMarkup } from "./in_call_markup.tsx";
import { CALL_SCRIPT, CALL_STYLE } from "./client.generated.ts";
import { type Language, spoken } from "../contract/languages.ts";
import type { InCallContent } from "../contract/page_data.ts";
import { callTexts } from "../i18n/languages.ts";

/** The file in one language. Its name contains a hash of its content, so browsers can cache it forever. */
export interface CallFile {
  /** `call-<language>-<hash>.js` */
  readonly name: string;
  /** `sha384-…` */
  readonly integrity: string;
  readonly text: string;
}

/** JSON as a JavaScript expression with single quotes, because markup contains many double quotes. */
function literal(value: unknown): string {
  return JSON.stringify(value).replace(
    /"((?:[^"\\]|\\.)*)"/g,
    (_, text: string) => `'${text.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`,
  );
}

const made = new Map<Language, CallFile>();

/** Returns the file of a language. It is created once. */
export function callFile(language: Language): CallFile {
  const known = made.get(language);
  if (known !== undefined) return known;
  const content: InCallContent = {
    style: CALL_STYLE,
    markup: callMarkup(language),
    texts: callTexts(language),
  };
  const text = `chimeInCallContent=${literal(content)};${CALL_SCRIPT}`;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
  const file = {
    name: `call-${language}-${hash}.js`,
    integrity: `sha384-${createHash("sha384").update(text).digest("base64")}`,
    text,
  };
  made.set(language, file);
  return file;
}

/** Returns the file with this name, if it belongs to this release. */
export function callFileNamed(name: string): CallFile | undefined {
  const language = spoken(/^call-([a-z]+)-/.exec(name)?.[1]);
  const file = language && callFile(language);
  return file?.name === name ? file : undefined;
}

/**
 * Returns the URL of a language's file.
 * @param publicUrl the function's own, without a slash at the end
 */
export function callFileUrl(publicUrl: string, language: Language): string {
  return `${publicUrl}/files/${callFile(language).name}`;
}
