/** Who else has the page of this visit open, as the server knows it. */
import type { Api } from "./api.ts";

/** What is asked, and when. */
export interface PresencePorts {
  readonly api: Pick<Api, "status">;
  readonly sleep: (seconds: number) => Promise<void>;
  /** Whether anybody wants to know at the moment. */
  readonly wanted: () => boolean;
  /** Hears the participants' ids whenever they are others. */
  readonly present: (ids: readonly string[]) => void;
}

const USUAL_SECONDS = 5;

/** Asks in the server's rhythm for as long as the page lives; a failure waits for the next time. */
export async function watchPresence(ports: PresencePorts): Promise<never> {
  let known = "";
  for (;;) {
    let seconds = USUAL_SECONDS;
    if (ports.wanted()) {
      const status = await ports.api.status();
      if (status.ok) {
        const ids = status.value.present ?? [];
        // What is said again is read out again.
        if (known !== ids.join()) ports.present(ids);
        known = ids.join();
        seconds = Math.max(1, status.value.pollSeconds || seconds);
      }
    }
    await ports.sleep(seconds);
  }
}
