import { networkInterfaces } from "node:os";

/**
 * The machine's IPv4 address for media. Chromium offers no loopback candidate while it has another
 * interface, so the loopback address is used only where there is nothing else.
 */
export function findLocalAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? "127.0.0.1";
}
