import type { Person } from "./page_data.ts";

/**
 * The person the visit is with: for a provider the patient, for everyone else the provider. Falls back
 * to the first other person; undefined if nobody else is invited.
 */
export function counterpart(people: readonly Person[], selfId: string): Person | undefined {
  const others = people.filter(({ id }) => id !== selfId);
  const isProvider = people.some(({ id, role }) => id === selfId && role === "provider");
  const wanted = isProvider ? "patient" : "provider";
  return others.find(({ role }) => role === wanted) ?? others[0];
}

/** The counterpart's name for titles, with the number of further people: `Aïcha Bello + 2`. */
export function counterpartTitle(people: readonly Person[], selfId: string): string {
  const name = counterpart(people, selfId)?.name ?? "";
  const more = people.filter(({ id }) => id !== selfId).length - 1;
  return more > 0 ? `${name} + ${more}` : name;
}
