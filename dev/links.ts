import type { ListedPerson } from "./people.ts";

/** Where links come from. */
export interface LinkSource {
  readonly pageUrl: string;
  /** A bearer token of this subject. */
  readonly tokenOf: (subject: string) => Promise<string>;
}

/** Whose link it is. */
export interface Invited {
  readonly subject: string;
  readonly appointmentId: string;
}

/** A link, or why there is none: the problem's name and plain words for a developer. */
export type LinkResult =
  | { readonly url: string }
  | { readonly problem: string; readonly detail: string };

const TRIES = 10;

const DETAILS: Readonly<Record<string, string>> = {
  "bad-request": "the appointment's id is not a UUID",
  "no-subject": "the row has no subject, so nobody can sign in as this person",
  "rate-limited": "too many links for this person in ten minutes",
  "visit-not-found":
    "chime_page.participants has no row with this subject for the appointment, or chime_page.appointments does not have the appointment",
};

/**
 * Makes a fresh link as an app does: asks the function for a pass. Tries again when the function says
 * so (`Retry-After`), as it may on a slow machine.
 */
export async function freshLink(source: LinkSource, invited: Invited): Promise<LinkResult> {
  const { subject, appointmentId } = invited;
  if (subject === "") return refused("no-subject");
  const Authorization = `Bearer ${await source.tokenOf(subject)}`;
  for (let tries = 1;; tries++) {
    const address = `${source.pageUrl}/${encodeURIComponent(appointmentId)}/passes`;
    const answer = await fetch(address, { method: "POST", headers: { Authorization } });
    const body = await answer.json().catch(() => ({}));
    if (answer.status === 201) return { url: String(body.url) };
    const seconds = answer.headers.get("retry-after");
    if (answer.status < 500 || seconds === null || tries === TRIES) {
      const name = String(body.type ?? answer.status).replace("urn:chime-page:problem:", "");
      return refused(name, body.title);
    }
    await new Promise((done) => setTimeout(done, Number(seconds) * 1000));
  }
}

/** The link of a listed person; a row that cannot be opened gets none. */
export async function linkOf(source: LinkSource, person: ListedPerson): Promise<LinkResult> {
  if (person.state === "visit-misconfigured") {
    return refused(person.state, `wrong value in ${person.columns.join(", ")}`);
  }
  return await freshLink(source, person);
}

function refused(problem: string, detail?: string): LinkResult {
  return { problem, detail: DETAILS[problem] ?? detail ?? "see docs/problems.md" };
}
