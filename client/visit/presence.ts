/** Polls the server for whether the other person has this visit open. */
import type { Person } from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Api } from "./api.ts";
import type { Store } from "./store.ts";

export interface PresenceDependencies {
  readonly api: Pick<Api, "status">;
  readonly sleep: (seconds: number) => Promise<void>;
  readonly store: Store;
  readonly other: Pick<Person, "id"> | undefined;
}

const DEFAULT_SECONDS = 5;

/**
 * Runs for as long as the page is open. Polls at the server's interval while the person is in the
 * lobby or alone in the call, and ignores failures.
 */
export async function watchPresence(dependencies: PresenceDependencies): Promise<never> {
  const { api, sleep, store, other } = dependencies;
  for (;;) {
    let seconds = DEFAULT_SECONDS;
    const { phase, people } = store.now;
    if (phase === "lobby" || phase === "in-call" && people === 0) {
      const status = await api.status();
      if (status.ok) {
        const otherWaits = other !== undefined && status.value.present?.includes(other.id) === true;
        // Setting the same value again would make screen readers announce it again.
        if (otherWaits !== store.now.otherWaits) store.set({ otherWaits });
        seconds = Math.max(1, status.value.pollSeconds || seconds);
      }
    }
    await sleep(seconds);
  }
}
