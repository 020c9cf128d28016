/** The network reports of the others. */
import type { NetworkReport } from "./signal.ts";

/** Limit for reports from people who are not present yet: a report may arrive before its sender. */
const MAX_EARLY_REPORTS = 50;

/** Keeps the last report of each attendee, by attendee id. */
export function createInbox() {
  const reports = new Map<string, NetworkReport>();
  const present = new Set<string>();
  return {
    joined: (id: string) => void present.add(id),
    left(id: string) {
      present.delete(id);
      reports.delete(id);
    },
    /** Returns false if the report is dropped, because there are too many from absent people. */
    add(id: string, report: NetworkReport): boolean {
      if (!present.has(id) && reports.size - present.size > MAX_EARLY_REPORTS) return false;
      reports.set(id, report);
      return true;
    },
    /** Number of people who are present. */
    size: () => present.size,
    /** Reports from people who are present, by attendee id. */
    current: () => [...reports].filter(([id]) => present.has(id)),
  };
}
