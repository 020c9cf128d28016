import { demoPeople, type DemoPerson } from "./supabase/demo_people.ts";
import type { EmbeddedSupabase } from "./supabase/embedded.ts";

/** Where links come from. */
export interface LinkSource {
  readonly pageUrl: string;
  readonly supabase: Pick<EmbeddedSupabase, "signIn">;
}

const TRIES = 10;

/**
 * Makes a fresh link as an app does: signs in by password, then asks the function for a pass. Tries
 * again when the function says so (`Retry-After`), as it may on a slow machine.
 */
export async function freshLink(
  { supabase, pageUrl }: LinkSource,
  person: DemoPerson,
) {
  const { accessToken } = await supabase.signIn(person.email, person.password);
  for (let tries = 1;; tries++) {
    const answer = await fetch(`${pageUrl}/${person.appointmentId}/passes`, {
      method: "POST",
      headers: { Authorization: `Bearer ${accessToken}` },
    });
    const body = await answer.json();
    const { name, role, appointment } = person;
    if (answer.status === 201) return { name, role, appointment, url: String(body.url) };
    const seconds = answer.headers.get("retry-after");
    if (answer.status < 500 || seconds === null || tries === TRIES) {
      throw new Error(`Cannot make a link for ${person.email}: ${answer.status} ${body.type}`);
    }
    await new Promise((done) => setTimeout(done, Number(seconds) * 1000));
  }
}

export async function freshLinks(stack: LinkSource) {
  const links: Awaited<ReturnType<typeof freshLink>>[] = [];
  // One after the other, because hashing passwords takes a whole processor each.
  for (const person of demoPeople) links.push(await freshLink(stack, person));
  return links;
}
