import { networkInterfaces } from "node:os";

/**
 * The machine's IPv4 address for media: Chromium offers none on the loopback interface while there
 * is another, so that is taken; the loopback address only where there is nothing else.
 */
export function findMediaHost(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? "127.0.0.1";
}
