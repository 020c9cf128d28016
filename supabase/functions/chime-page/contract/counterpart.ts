import type { Person } from "./page_data.ts";

/** The person the visit is with: the provider, or else the first other person; undefined if alone. */
export function counterpart(people: readonly Person[], selfId: string): Person | undefined {
  const others = people.filter(({ id }) => id !== selfId);
  return others.find(({ role }) => role === "provider") ?? others[0];
}
