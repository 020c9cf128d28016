import { html } from "hono/html";
import { freshLink, type LinkSource } from "./demo_links.ts";
import { demoPeople } from "./supabase/demo_people.ts";

const STATES = {
  "open": "open now",
  "group": "open now: two providers, a patient, an interpreter",
  "too-early": "opens later",
  "over": "over",
  "cancelled": "cancelled",
  "video-disabled": "not a video visit",
} as const;

/**
 * The start page of the local system: everybody in the seed, each with a button that makes a fresh
 * single-use link and opens it. It is a POST, so that a prefetch never makes a pass.
 */
export async function answerDemoPage(request: Request, stack: LinkSource): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  if (pathname !== "/") return new Response("Not found", { status: 404 });
  const person = demoPeople.find((one) => one.email === searchParams.get("person"));
  if (request.method === "POST" && person) {
    const { url } = await freshLink(stack, person);
    return new Response(null, { status: 303, headers: { Location: url } });
  }
  const document = await html`
    <!doctype html>
    <html lang="en">
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <title>chime-page: demo people</title>
          <style>
          body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; background: #0f1720; color: #e8eef4 }
          h1 { font-size: 1.3rem }
          p, small { color: #a9b8c6 }
          form { display: flex; justify-content: space-between; align-items: center; border-top: 1px solid #26333f; padding: .75rem 0 }
          button { font: inherit; min-height: 48px; padding: 0 1.25rem; border: 0; border-radius: 12px; background: #2f9e8f; color: #04110f; font-weight: 600; cursor: pointer }
          small { display: block }
          </style>
          <h1>Who opens their visit?</h1>
          <p>Every button makes a fresh single-use link. Open two people in two windows.</p>
          ${demoPeople.map((one) =>
            html`
              <form method="post" target="_blank" action="/?person=${encodeURIComponent(
                one.email,
              )}">
                <span>${one.name}<small>${one.role} · ${STATES[one.appointment]}</small></span>
                <button>Open</button>
              </form>
            `
          )}
        </html>
  `;
  return new Response(document.toString(), {
    headers: { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" },
  });
}
