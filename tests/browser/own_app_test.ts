import assert from "node:assert/strict";
import { startStack } from "../../dev/stack.ts";
import { DEMO_PASSWORD, demoPeople } from "../../dev/supabase/demo_people.ts";
import { browserTest, newPhone } from "../support/browser.ts";
import { withServer } from "../support/with_server.ts";

/** Runs in a page of another origin, with the headers that supabase-js sends. */
async function openVisitAsApp(
  app: { base: string; page: string; key: string; email: string; password: string },
): Promise<string> {
  const shared = {
    "apikey": app.key,
    "content-type": "application/json",
    "x-client-info": "supabase-js-web/2.119.1",
    "x-supabase-api-version": "2024-01-01",
  };
  const signedIn = await fetch(`${app.base}/auth/v1/token?grant_type=password`, {
    method: "POST",
    headers: { ...shared, authorization: `Bearer ${app.key}` },
    body: JSON.stringify({ email: app.email, password: app.password }),
  });
  const { access_token: token } = await signedIn.json();
  const pass = await fetch(`${app.page}/passes`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, apikey: app.key },
  });
  return (await pass.json()).url;
}

browserTest(
  "an app on another origin signs in a demo person and opens their visit",
  async (browser) => {
    const stack = await startStack();
    const html = () =>
      new Response("<!doctype html><title>app</title>", {
        headers: { "content-type": "text/html" },
      });
    try {
      await withServer(html, async (port) => {
        const [person] = demoPeople;
        assert.ok(person);
        const { page, close } = await newPhone(browser);
        await page.goto(`http://127.0.0.1:${port}/`);
        const url = await page.evaluate(openVisitAsApp, {
          base: stack.baseUrl,
          page: `${stack.pageUrl}/${person.appointmentId}`,
          key: stack.supabase.publishableKey,
          email: person.email,
          password: DEMO_PASSWORD,
        });
        await page.goto(url);
        await page.waitForSelector("#join");
        await close();
      });
    } finally {
      await stack.stop();
    }
  },
);
