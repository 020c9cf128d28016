/** Whether the other person has this visit open, as the server knows it. */
import type { Person } from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Api } from "./api.ts";
import type { Store } from "./store.ts";

/** What is asked, and when. */
export interface PresenceDependencies {
  readonly api: Pick<Api, "status">;
  readonly sleep: (seconds: number) => Promise<void>;
  readonly store: Store;
  readonly other: Pick<Person, "id"> | undefined;
}

const USUAL_SECONDS = 5;

/**
 * Asks in the server's rhythm for as long as the page lives, while somebody wants to know: in the
 * lobby, and alone in the call. A failure waits for the next time.
 */
export async function watchPresence(dependencies: PresenceDependencies): Promise<never> {
  const { api, sleep, store, other } = dependencies;
  for (;;) {
    let seconds = USUAL_SECONDS;
    const { phase, people } = store.now;
    if (phase === "lobby" || phase === "in-call" && people === 0) {
      const status = await api.status();
      if (status.ok) {
        const otherWaits = other !== undefined && status.value.present?.includes(other.id) === true;
        // What is said again is read out again.
        if (otherWaits !== store.now.otherWaits) store.set({ otherWaits });
        seconds = Math.max(1, status.value.pollSeconds || seconds);
      }
    }
    await sleep(seconds);
  }
}
