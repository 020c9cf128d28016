import { deepEqual, equal, notEqual } from "node:assert/strict";
import { pageTexts } from "../i18n/languages.ts";
import { keyedTexts } from "./keyed_texts.ts";

Deno.test("the texts of a language are merged once, and not mixed with another's", () => {
  equal(keyedTexts("fr"), keyedTexts("fr"));
  notEqual(keyedTexts("fr"), keyedTexts("en"));
  for (const language of ["fr", "en"] as const) {
    deepEqual(keyedTexts(language).content("leave"), {
      "data-text": "leave",
      children: pageTexts(language).leave,
    });
  }
});
