/**
 * Telemetry for the page's own server: short codes and numbers, sent in batches, also while the
 * page is closing. Never contains names, tokens or text that a person wrote.
 */
import type {
  EventBatch,
  PageEvent,
} from "../../supabase/functions/chime-page/contract/page_data.ts";

type Values = Readonly<Record<string, string | number | boolean>>;

/** Collects events and sends them in batches. */
export interface Telemetry {
  /** @param name `^[a-z][a-z0-9-]{0,39}$` */
  note(name: string, data?: Values): void;
  /** Sends all collected events. Called when the page closes. */
  flush(): void;
}

export interface TelemetryDependencies {
  /** Queues a text for sending; returns false if the browser refused it. */
  readonly send: (text: string) => boolean;
  /** Milliseconds since the page was opened. */
  readonly now: () => number;
  readonly session: string;
}

// Keeps a batch well below the limits of sendBeacon (64 KB) and the server.
const BATCH_SIZE = 20;
const MAX_EVENTS = 100;

/** Turns a string into a code that the server accepts: at most 64 plain characters. */
function code(value: string): string {
  return value.replace(/[^A-Za-z0-9._:-]+/g, "-").slice(0, 64);
}

function codes(data: Values): Values {
  return Object.fromEntries(
    Object.entries(data).map((
      [key, value],
    ) => [key, typeof value === "string" ? code(value) : value]),
  );
}

export function createTelemetry(dependencies: TelemetryDependencies): Telemetry {
  let queue: PageEvent[] = [];
  const flush = () => {
    while (queue.length > 0) {
      const events = queue.slice(0, BATCH_SIZE);
      const batch: EventBatch = { session: dependencies.session, events };
      if (!dependencies.send(JSON.stringify(batch))) return;
      queue = queue.slice(BATCH_SIZE);
    }
  };
  return {
    note(name, data) {
      const at = Math.max(0, Math.round(dependencies.now()));
      queue.push(data === undefined ? { name, at } : { name, at, data: codes(data) });
      queue = queue.slice(-MAX_EVENTS);
      if (queue.length >= BATCH_SIZE) flush();
    },
    flush,
  };
}
