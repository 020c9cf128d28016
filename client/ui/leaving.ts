/** Leaving the call: providers are asked whether to leave or to end the visit for everyone. */
import type { PageRole } from "../bridge/chime-page.d.ts";
import { IN_CALL } from "../visit/phases.ts";
import type { Store } from "../visit/store.ts";
import { createSheet } from "./sheet.ts";
import { element } from "./view.ts";

export interface LeavingDependencies {
  readonly store: Store;
  readonly role: PageRole;
  readonly leave: () => void;
  /** Ends the visit for everyone; resolves with whether it succeeded. */
  readonly endForAll: () => Promise<boolean>;
}

export interface Leaving {
  /** Asks providers whether to leave or to end the visit; returns whether it asks. */
  ask(): boolean;
  /** Closes the question; returns whether it was open. */
  close(): boolean;
  /** The call is over: stops waiting for its end. */
  over(): void;
}

// Chime reports the end of a meeting; if that is lost, the page leaves by itself.
const END_TIMEOUT_MS = 5_000;

/** Connects the sheet in the document. */
export function createLeaving(page: Document, dependencies: LeavingDependencies): Leaving {
  const { store, role, leave, endForAll } = dependencies;
  const byId = (id: string) => element<HTMLButtonElement>(page, id);
  const sheet = createSheet(byId("leave-sheet"), byId("app"));
  const endAll = byId("leave-all");
  const calling = () => IN_CALL.includes(store.now.phase);
  let ending: ReturnType<typeof setTimeout> | undefined;

  byId("leave-only").addEventListener("click", () => {
    sheet.close();
    leave();
  });
  endAll.addEventListener("click", () => {
    endAll.disabled = true;
    void endForAll().then((ended) => {
      endAll.disabled = false;
      byId("leave-trouble").hidden = ended;
      if (!ended) return;
      sheet.close();
      if (calling()) ending = setTimeout(leave, END_TIMEOUT_MS);
    });
  });
  return {
    ask() {
      if (role !== "provider" || !calling()) return false;
      byId("leave-trouble").hidden = true;
      sheet.open();
      return true;
    },
    close: sheet.close,
    // Otherwise it would end the next call of a person who rejoins.
    over: () => clearTimeout(ending),
  };
}
