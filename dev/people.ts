import { demoPeople, type DemoPerson } from "./supabase/demo_people.ts";
import type { Stack } from "./stack.ts";

/** A demo person with a fresh single-use link to their visit. */
export interface DemoLink {
  readonly name: string;
  readonly role: DemoPerson["role"];
  readonly appointment: DemoPerson["appointment"];
  readonly url: string;
}

/** Makes a fresh link the way an app does: sign in by password, then ask the function for a pass. */
export async function freshLink(
  stack: Pick<Stack, "supabase" | "pageUrl">,
  person: DemoPerson,
): Promise<DemoLink> {
  const { accessToken } = await stack.supabase.signIn(person.email, person.password);
  const answer = await fetch(`${stack.pageUrl}/${person.appointmentId}/passes`, {
    method: "POST",
    headers: { Authorization: `Bearer ${accessToken}` },
  });
  const body = await answer.json();
  if (answer.status !== 201) {
    throw new Error(`Cannot make a link for ${person.email}: ${answer.status} ${body.type}`);
  }
  const { name, role, appointment } = person;
  return { name, role, appointment, url: body.url };
}

/** A link for everybody, in the order of the seed: the visit that is open comes first. */
export async function freshLinks(
  stack: Pick<Stack, "supabase" | "pageUrl">,
): Promise<readonly DemoLink[]> {
  const links: DemoLink[] = [];
  // One after the other: password hashing fills a small machine's cores.
  for (const person of demoPeople) links.push(await freshLink(stack, person));
  return links;
}
