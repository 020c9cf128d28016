import { deepEqual, equal, match } from "node:assert/strict";
import { createApp } from "../app.ts";
import { offlineDependencies } from "../testing/dependencies.ts";
import { createMisconfiguredApp } from "./misconfigured.ts";

const ID = "a0000000-0000-4000-8000-000000000001";

/** Sends the form of the language menu. */
async function choose(
  app: { request(url: string, init: RequestInit): Response | Promise<Response> },
  path: string,
  headers: Record<string, string> = {},
) {
  const answer = await app.request(`https://visit.example.org/chime-page/${path}`, {
    method: "POST",
    headers: { Accept: "text/html", "Sec-Fetch-Site": "same-origin", ...headers },
    body: new URLSearchParams({ lang: "fr" }),
  });
  const language = answer.headers.get("content-language");
  return { language, cookies: answer.headers.getSetCookie(), html: await answer.text() };
}

Deno.test("a language that is chosen in a form wins over the address, and is remembered", async () => {
  const { language, cookies, html } = await choose(
    createApp(offlineDependencies()),
    `${ID}?lang=sw`,
  );
  equal(language, "fr");
  match(html, /Veuillez vous reconnecter/);
  equal(cookies.length, 1);
  match(cookies[0] ?? "", new RegExp(`^chime-page-language=fr; Path=/.*chime-page/${ID}; `));
  match(cookies[0] ?? "", /Secure; SameSite=None; Partitioned$/);
});

Deno.test("another site cannot change a person's language", async () => {
  const { cookies } = await choose(createApp(offlineDependencies()), ID, {
    "Sec-Fetch-Site": "cross-site",
    "Sec-Fetch-Mode": "navigate",
    Origin: "https://other.example",
  });
  deepEqual(cookies, []);
});

Deno.test("an address that is not a visit's gets no cookie", async () => {
  for (const path of ["x%3B%20Domain%3Dexample.org", "nowhere/at/all"]) {
    const { language, cookies } = await choose(createApp(offlineDependencies()), path);
    deepEqual([language, cookies], ["fr", []], path);
  }
});

Deno.test("the language menu works while a setting is invalid", async () => {
  const { log, now, newRequestId } = offlineDependencies();
  const app = createMisconfiguredApp(["CHIME_SDK_CDN_URL"], { log, now, newRequestId });
  const { language, html } = await choose(app, ID);
  equal(language, "fr");
  match(html, /Un problème de notre côté/);
});
