/** The heading names the people a visit is with: in a call those who are in it, else the invited. */
import { counterpartTitle } from "../../supabase/functions/chime-page/contract/counterpart.ts";
import type {
  Person,
  VisitPageData,
} from "../../supabase/functions/chime-page/contract/page_data.ts";
import { IN_CALL } from "../visit/phases.ts";
import type { Store } from "../visit/store.ts";
import { element } from "./view.ts";

/** @param nameOf name of a person by participant id, also of somebody who was not invited */
export function followHeading(
  page: Document,
  store: Store,
  { people, self }: Pick<VisitPageData, "people" | "self">,
  nameOf: (id: string) => string,
): void {
  // The server writes it; without other people invited, it names nobody.
  const names = element(page, "heading").querySelector("bdi");
  function draw(): void {
    const { phase, connections = {} } = store.now;
    const there = (id: string) => /here|silent/.test(connections[id]?.state ?? "");
    const others: readonly Person[] = [
      ...people.filter(({ id }) => there(id)),
      ...Object.keys(connections)
        .filter((id) => there(id) && !people.some((person) => person.id === id))
        .map((id) => ({ id, name: nameOf(id), role: "guest" as const })),
    ];
    const calling = IN_CALL.includes(phase) && others.length > 0;
    const shown = calling ? [self, ...others.filter(({ id }) => id !== self.id)] : people;
    if (names) names.textContent = counterpartTitle(shown, self.id);
  }
  store.follow("connections", draw);
  store.follow("phase", draw);
}
