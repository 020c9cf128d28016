/** How a person leaves: a provider is asked first whether they mean themselves or everyone. */
import type { PageRole } from "../bridge/chime-page.d.ts";
import { HOLDING } from "../visit/phases.ts";
import type { Store } from "../visit/store.ts";
import { createSheet } from "./sheet.ts";
import { element } from "./view.ts";

/** What leaving needs. */
export interface LeavingDependencies {
  readonly store: Store;
  readonly role: PageRole;
  readonly leave: () => void;
  /** Ends the visit for everyone; answers whether it did. */
  readonly endForAll: () => Promise<boolean>;
}

/** The question before leaving. */
export interface Leaving {
  /** Asks a person who may end the visit what they mean; answers whether it asks. */
  ask(): boolean;
  /** Answers whether it was open. */
  close(): boolean;
  /** The call is over: an end that was asked for is no longer waited for. */
  over(): void;
}

// Amazon tells that a meeting has ended; if that is lost, the page still leaves.
const END_PATIENCE_MS = 5_000;

/** Wires the sheet that the server rendered. */
export function createLeaving(page: Document, dependencies: LeavingDependencies): Leaving {
  const { store, role, leave, endForAll } = dependencies;
  const part = (id: string) => element<HTMLButtonElement>(page, id);
  const sheet = createSheet(part("leave-sheet"), part("app"));
  const endAll = part("leave-all");
  const calling = () => HOLDING.includes(store.now.phase);
  let ending: ReturnType<typeof setTimeout> | undefined;

  part("leave-only").addEventListener("click", () => {
    sheet.close();
    leave();
  });
  endAll.addEventListener("click", () => {
    endAll.disabled = true;
    void endForAll().then((ended) => {
      endAll.disabled = false;
      part("leave-trouble").hidden = ended;
      if (!ended) return;
      sheet.close();
      if (calling()) ending = setTimeout(leave, END_PATIENCE_MS);
    });
  });
  return {
    ask() {
      if (role !== "provider" || !calling()) return false;
      part("leave-trouble").hidden = true;
      sheet.open();
      return true;
    },
    close: sheet.close,
    // Meant for this call, not for the next one of somebody who goes back in.
    over: () => clearTimeout(ending),
  };
}
