/** Leaving the call: providers are asked whether to end the visit for everyone or only leave. */
import type { PageRole } from "../bridge/chime-page.d.ts";
import type { Texts } from "../i18n/texts.ts";
import { IN_CALL } from "../visit/phases.ts";
import type { Store } from "../visit/store.ts";
import type { InstalledLobby } from "./lobby_bundle.ts";
import { element } from "./view.ts";

export interface LeavingDependencies {
  readonly lobby: Pick<InstalledLobby, "createSheet">;
  readonly store: Store;
  readonly texts: Texts;
  readonly role: PageRole;
  /** Roles of the others in the call. */
  readonly roles: () => readonly PageRole[];
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
  const { store, texts, role, roles, leave, endForAll } = dependencies;
  const byId = (id: string) => element<HTMLButtonElement>(page, id);
  const sheet = dependencies.lobby.createSheet(byId("leave-sheet"), byId("app"), byId("leave"));
  const [leaveOnly, endAll] = [byId("leave-only"), byId("leave-all")];
  const trouble = byId("leave-trouble");
  const calling = () => IN_CALL.includes(store.now.phase);
  let ending: ReturnType<typeof setTimeout> | undefined;

  /** Says who stays in the call. */
  const update = () => {
    const [first, ...more] = roles();
    const patient = first === "patient" && more.length === 0;
    texts.say(leaveOnly, patient ? "leavePatient" : first ? "leaveOthers" : "leaveOpen");
  };
  // The number of people changes before their roles.
  store.follow("people", () => queueMicrotask(update));
  leaveOnly.addEventListener("click", () => {
    sheet.close();
    leave();
  });
  endAll.addEventListener("click", () => {
    endAll.disabled = true;
    trouble.hidden = true;
    void endForAll().then((ended) => {
      endAll.disabled = false;
      if (!ended) {
        // The person may have closed the sheet and believe that the visit has ended.
        if (calling() && byId("leave-sheet").hidden) sheet.toggle();
        trouble.hidden = false;
        return;
      }
      sheet.close();
      if (calling()) ending = setTimeout(leave, END_TIMEOUT_MS);
    });
  });
  return {
    ask() {
      if (role !== "provider" || !calling()) return false;
      trouble.hidden = true;
      update();
      sheet.toggle();
      return true;
    },
    close: sheet.close,
    // Otherwise it would end the next call of a person who rejoins.
    over: () => clearTimeout(ending),
  };
}
