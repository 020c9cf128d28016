/**
 * How long a test waits for what must come: longer than anything takes on the slowest, busiest
 * machine. Only a test that fails ever waits that long.
 */
export const PATIENCE_MS = 120_000;
