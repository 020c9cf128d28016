/** Who else has the page of this visit open, as the server knows it. */
import type { Api } from "./api.ts";

/** What is asked, and when. */
export interface PresencePorts {
  readonly api: Pick<Api, "status">;
  readonly sleep: (seconds: number) => Promise<void>;
  /** Whether anybody wants to know at the moment. */
  readonly wanted: () => boolean;
  /** Hears the participants' ids after each answer. */
  readonly present: (ids: readonly string[]) => void;
}

const USUAL_SECONDS = 5;

/** Asks in the server's rhythm for as long as the page lives; a failure waits for the next time. */
export async function watchPresence(ports: PresencePorts): Promise<never> {
  for (;;) {
    let seconds = USUAL_SECONDS;
    if (ports.wanted()) {
      const status = await ports.api.status();
      if (status.ok) {
        ports.present(status.value.present ?? []);
        seconds = Math.max(1, status.value.pollSeconds || seconds);
      }
    }
    await ports.sleep(seconds);
  }
}
