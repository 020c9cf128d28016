import { html } from "hono/html";
import { freshLink, type LinkSource } from "./links.ts";
import { countVisits, type ListedPerson, listPeople, type VisitState } from "./people.ts";
import type { Query } from "./supabase/database.ts";

/** What the home page shows. */
export interface HomeSource extends LinkSource {
  readonly supabase: { readonly sql: Query };
}

/** What a visit's state means. */
export const STATES: Readonly<Record<VisitState, string>> = {
  "open": "open now",
  "group": "open now, a group",
  "too-early": "opens later",
  "over": "over",
  "cancelled": "cancelled",
  "video-disabled": "not a video visit",
  "visit-misconfigured": "wrong value in a row",
  "visit-not-found": "no such appointment",
  "no-subject": "no subject",
};

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; background: #0f1720; color: #e8eef4 }
h1 { font-size: 1.3rem }
h2 { font-size: 1rem; margin: 2rem 0 .25rem }
p, small { color: #a9b8c6 }
form { display: flex; gap: 1rem; justify-content: space-between; align-items: center; border-top: 1px solid #26333f; padding: .75rem 0 }
button, input { font: inherit; min-height: 48px; border-radius: 12px; border: 0; padding: 0 1.25rem }
button { background: #2f9e8f; color: #04110f; font-weight: 600; cursor: pointer }
input { min-width: 0; flex: 1 }
small { display: block }`;

/**
 * The home page of the local system: the people of each visit, each with a button that makes a fresh
 * single-use link and opens it. It is a POST, so that a prefetch never makes a pass and no subject is
 * in a URL.
 */
export async function answerHomePage(request: Request, source: HomeSource): Promise<Response> {
  if (new URL(request.url).pathname !== "/") return new Response("Not found", { status: 404 });
  if (request.method === "POST") {
    const form = await request.formData();
    const link = await freshLink(source, {
      subject: String(form.get("subject") ?? ""),
      appointmentId: String(form.get("appointment") ?? ""),
    });
    if ("url" in link) return new Response(null, { status: 303, headers: { Location: link.url } });
    return page(
      html`
        <h1>No link: ${link.problem}</h1>
        <p>${link.detail}.</p>
      `,
      422,
    );
  }
  try {
    return page(await everybody(source.supabase.sql), 200);
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    return page(
      html`
        <h1>The views cannot be read</h1>
        <p>${reason}</p>
      `,
      500,
    );
  }
}

async function everybody(sql: Query) {
  const people = await listPeople(sql);
  const visits = Map.groupBy(people, (one) => one.appointmentId);
  const more = await countVisits(sql) - visits.size;
  return html`
    <h1>Who opens their visit?</h1>
    <p>Every button makes a fresh single-use link. Open the first person here and the second one in a
    private window, so that they do not share a browser's storage.</p>
    ${people.length === 0 ? html`<p>chime_page.participants has no rows yet.</p>` : ""}
    ${[...visits].map(([id, members]) => visit(id, members))}
    ${more > 0 ? html`<p>${more} more visits are not listed.</p>` : ""}
    <h2>Somebody else</h2>
    <form method="post" target="_blank">
      <input name="subject" placeholder="subject" aria-label="Subject" required>
      <input name="appointment" placeholder="appointment id" aria-label="Appointment id" required>
      <button>Open</button>
    </form>
  `;
}

function visit(id: string, people: readonly ListedPerson[]) {
  const [first] = people;
  const start = first?.startsAt?.toLocaleString("en-GB", {
    dateStyle: "medium",
    timeStyle: "short",
  });
  return html`
    <section><h2>${first ? STATES[first.state] : ""}${start ? ` · ${start}` : ""}</h2>
    <small>${id}</small>
    ${people.map((one) =>
      html`
        <form method="post" target="_blank">
          <input type="hidden" name="subject" value="${one.subject}">
          <input type="hidden" name="appointment" value="${id}">
          <span>${one.name}<small>${one.role}${one.state === first?.state
            ? ""
            : ` · ${STATES[one.state]}`}${one.columns.length > 0
            ? ` · ${one.columns.join(", ")}`
            : ""}</small></span>
          <button>Open</button>
        </form>
      `
    )}${first && first.invited > people.length
      ? html`<p>and ${first.invited - people.length} more people</p>`
      : ""}</section>
  `;
}

function page(body: unknown, status: number): Response {
  const document = html`
    <!doctype html>
    <html lang="en"><meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>chime-page on this machine</title>
        <style>${STYLE}</style>${body}</html>
  `;
  return new Response(String(document), {
    status,
    headers: { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" },
  });
}
