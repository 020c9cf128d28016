/**
 * What the page reports to its own server: short codes and numbers, in batches, also while the page
 * is being closed. Never a name, a token or a text a person wrote.
 */
import type {
  EventBatch,
  PageEvent,
} from "../../supabase/functions/chime-page/contract/page_data.ts";

type Values = Readonly<Record<string, string | number | boolean>>;

/** Collects events and sends them now and then. */
export interface Telemetry {
  /** @param name `^[a-z][a-z0-9-]{0,39}$` */
  note(name: string, data?: Values): void;
  /** Sends what there is; called when the page goes away. */
  flush(): void;
}

/** Where batches go and what time it is. */
export interface TelemetryDependencies {
  /** Hands a text over for sending; false when the browser refused it. */
  readonly send: (text: string) => boolean;
  /** Milliseconds since the page began. */
  readonly now: () => number;
  readonly session: string;
}

const BATCH = 20;
// One batch stays far below sendBeacon's 64 KB and the server's limit.
const KEPT = 100;

/** Makes a value fit the server's rule for strings: codes of at most 64 plain characters. */
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

/** Starts an empty collection. */
export function createTelemetry(dependencies: TelemetryDependencies): Telemetry {
  let waiting: PageEvent[] = [];
  const flush = () => {
    while (waiting.length > 0) {
      const events = waiting.slice(0, BATCH);
      const batch: EventBatch = { session: dependencies.session, events };
      if (!dependencies.send(JSON.stringify(batch))) return;
      waiting = waiting.slice(BATCH);
    }
  };
  return {
    note(name, data) {
      const at = Math.max(0, Math.round(dependencies.now()));
      waiting.push(data === undefined ? { name, at } : { name, at, data: codes(data) });
      waiting = waiting.slice(-KEPT);
      if (waiting.length >= BATCH) flush();
    },
    flush,
  };
}
