import assert from "node:assert/strict";
import { type Sender, senderOf } from "./request_origin.ts";

const PAGE = "https://visits.example.org";
const HOST = "https://app.example.org";
const settings = {
  publicUrl: `${PAGE}/functions/v1/chime-page`,
  frameAncestors: [HOST],
};

function sender(method: string, headers: Record<string, string>, framed = true): Sender {
  return senderOf(
    { method, headers: new Headers(headers) },
    framed ? settings : { ...settings, frameAncestors: [] },
  );
}

/** Fetch Metadata headers as browsers send them. */
const metadata = (site: string, mode: string, dest: string, origin?: string) => ({
  "Sec-Fetch-Site": site,
  "Sec-Fetch-Mode": mode,
  "Sec-Fetch-Dest": dest,
  ...(origin === undefined ? {} : { Origin: origin }),
});

Deno.test("requests by the page, the person and an app's web view are the page's own", () => {
  for (const site of ["same-origin", "none"]) {
    assert.equal(sender("GET", metadata(site, "navigate", "document")), "own");
    assert.equal(sender("POST", metadata(site, "navigate", "document", "null")), "own");
    assert.equal(sender("POST", metadata(site, "navigate", "iframe", PAGE)), "own");
  }
});

Deno.test("a link on another site is a navigation, in a frame only if the page may be framed", () => {
  for (const site of ["cross-site", "same-site"]) {
    assert.equal(sender("GET", metadata(site, "navigate", "document")), "navigation");
    assert.equal(sender("GET", metadata(site, "navigate", "iframe")), "navigation");
    assert.equal(sender("GET", metadata(site, "navigate", "iframe"), false), "other-site");
    for (const dest of ["embed", "object"]) {
      assert.equal(sender("GET", metadata(site, "navigate", dest)), "other-site");
    }
  }
});

Deno.test("images, scripts and fetches of another site are attributed to that site", () => {
  for (const [mode, dest] of [["no-cors", "image"], ["no-cors", "script"], ["cors", "empty"]]) {
    for (const method of ["GET", "POST"]) {
      const headers = metadata("cross-site", mode ?? "", dest ?? "", HOST);
      assert.equal(sender(method, headers), "other-site", `${method} ${dest}`);
    }
  }
});

Deno.test("a form is accepted only from sites that may frame the page", () => {
  const form = (origin: string) => metadata("cross-site", "navigate", "document", origin);
  assert.equal(sender("POST", form(HOST)), "host");
  assert.equal(sender("POST", form(HOST), false), "other-site");
  for (
    const origin of [
      "null",
      "https://evil.example",
      `${HOST}.evil.example`,
      "http://app.example.org",
    ]
  ) {
    assert.equal(sender("POST", form(origin)), "other-site", origin);
  }
});

Deno.test("without Fetch Metadata, the origin of a form decides", () => {
  assert.equal(sender("POST", { Origin: PAGE }), "own");
  assert.equal(sender("POST", { Origin: HOST }), "host");
  assert.equal(sender("POST", { Origin: "https://evil.example" }), "other-site");
  assert.equal(sender("POST", { Origin: "null" }), "unproven");
  assert.equal(sender("GET", { Origin: "https://evil.example" }), "other-site");
});

Deno.test("requests by programs other than browsers count as the page's own", () => {
  assert.equal(sender("GET", {}), "own");
  assert.equal(sender("POST", {}), "own");
});
