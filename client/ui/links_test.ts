import { deepEqual, equal, ok } from "node:assert/strict";
import { splitLinks } from "./links.ts";

/** The links of a text, each between angle brackets. */
const marked = (text: string) =>
  splitLinks(text).map((piece) => piece.link ? `<${piece.text}>` : piece.text).join("");

/** A text with the expected links between ⟦ and ⟧. */
function check(expected: string): void {
  const text = expected.replace(/[⟦⟧]/g, "");
  equal(splitLinks(text).map((piece) => piece.text).join(""), text);
  equal(
    splitLinks(text).map((piece) => piece.link ? `⟦${piece.text}⟧` : piece.text).join(""),
    expected,
  );
}

Deno.test("http and https addresses are links, in any case and anywhere in a text", () => {
  for (
    const text of [
      "⟦https://clinic.example⟧",
      "⟦http://clinic.example/⟧",
      "⟦HTTPS://Clinic.Example/A⟧",
      "See ⟦https://clinic.example/results?id=7&lang=fr#top⟧ please",
      "⟦https://a.example⟧ and\n⟦https://b.example:8443/~x⟧",
      "⟦http://192.0.2.7/a-b_c/⟧",
      "⟦https://maps.example/@3.848,11.502,15z⟧",
      "⟦https://x.example/watch?v=ab_⟧",
      "⟦https://x.example/a%20b=⟧",
    ]
  ) check(text);
});

Deno.test("punctuation around a link is not part of it", () => {
  for (
    const text of [
      "Look at ⟦https://x.example/a⟧.",
      "⟦https://x.example/a⟧, then ⟦https://x.example/b⟧!",
      "Really? ⟦https://x.example/a?b=c⟧?!",
      "(⟦https://x.example⟧)",
      "(see ⟦https://x.example/a⟧).",
      "“⟦https://x.example/a⟧”",
      "« ⟦https://x.example/a⟧ »",
      "«⟦https://x.example/a⟧»",
      "'⟦https://x.example/a⟧'",
      '"⟦https://x.example/a⟧"',
      "<⟦https://x.example/a⟧>",
      "*⟦https://x.example/a⟧*",
      "`⟦https://x.example/a⟧`",
      "[⟦https://x.example/a⟧]",
      "⟦https://x.example/a⟧…",
      "⟦https://x.example/a⟧: here",
      "⟦https://x.example/a⟧;",
    ]
  ) check(text);
});

Deno.test("brackets in pairs are part of a link", () => {
  check("⟦https://x.example/Malaria_(disease)⟧");
  check("(⟦https://x.example/Malaria_(disease)⟧)");
  check("⟦https://x.example/a_(b)_c⟧.");
  check("⟦https://x.example/a⟧(b");
});

Deno.test("Arabic text and punctuation around a link are not part of it", () => {
  check("انظر ⟦https://x.example/a⟧؟");
  check("⟦https://x.example/a⟧، ثم ⟦https://x.example/b⟧؛");
  check("الرابط:⟦https://x.example⟧");
  check("رابط⟦https://x.example⟧ هنا");
  check("⟦https://عيادة.example/نتيجة⟧");
});

Deno.test("anything else is text", () => {
  for (
    const text of [
      "",
      "Good morning",
      "javascript:alert(1)",
      "data:text/html,<b>x</b>",
      "file:///etc/hosts",
      "ftp://x.example",
      "mailto:a@x.example",
      "www.x.example",
      "x.example",
      "https://",
      "https:// x.example",
      "http:x.example",
      "xhttps://x.example",
      "https://x.example:99999",
      "https://[::1",
      "take 1/2 at 8:00",
    ]
  ) check(text);
  check("javascript:⟦https://x.example⟧");
});

Deno.test("an address that names a user, and so hides where it leads, is text", () => {
  check("http://user@host.example");
  check("https://clinic.example@evil.example/a");
  check("https://clinic.example:pass@evil.example");
  // An @ after the host leads nowhere else.
  check("⟦https://x.example/@clinic⟧");
});

Deno.test("an address with letters that resemble others stays as it was written", () => {
  // A Cyrillic "а": the browser shows its real name when it is opened.
  check("⟦https://\u0430pple.example⟧");
});

Deno.test("a link ends at invisible characters, which could reorder or hide its end", () => {
  deepEqual(splitLinks("https://x.example/\u202emoc.evil"), [
    { text: "https://x.example/", link: true },
    { text: "\u202emoc.evil", link: false },
  ]);
  equal(marked("https://x.example\u200b.evil.example"), "<https://x.example>\u200b.evil.example");
  equal(marked("https://x.example/\u0000a"), "<https://x.example/>\u0000a");
});

Deno.test("markup is text, and ends a link", () => {
  equal(marked('https://x.example/"onclick="alert(1)'), '<https://x.example/>"onclick="alert(1)');
  equal(marked("https://x.example/<script>"), "<https://x.example/><script>");
});

Deno.test("the longest message is split at once, whatever it contains", () => {
  for (const part of ["(", ")", "http://", "https://x.example/(", ".", "http://((", "a()"]) {
    const text = ("https://x.example/" + part.repeat(2048)).slice(0, 2048);
    const began = performance.now();
    equal(splitLinks(text).map((piece) => piece.text).join(""), text);
    ok(performance.now() - began < 1_000, part);
  }
});
