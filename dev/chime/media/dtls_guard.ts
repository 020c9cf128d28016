import type { RTCDtlsTransport } from "werift";

/** The parts of werift's DTLS client that the guard takes hold of; werift does not declare them. */
interface Handshaking {
  onHandleHandshakes(messages: readonly { readonly message_seq: number }[]): Promise<void>;
}

/**
 * Has a DTLS transport ignore handshake messages that come a second time, as RFC 6347, 4.2.2 asks.
 *
 * werift 0.25.2 does not: Chromium sends its ServerHello…ServerHelloDone again after only 50 ms,
 * and if werift's own answer took that long, werift makes a new key pair for the repeated
 * ServerKeyExchange and, where Finished has come in the same packet, computes a new master secret
 * from it *after* the handshake is done. Both ends then say "connected", but the SRTP keys of the
 * two differ, and every media packet fails its authentication in silence. Deno, slower than Node at
 * werift's pure-JavaScript X25519, crosses the 50 ms most of the time.
 */
export function ignoreRepeatedHandshakes(transport: RTCDtlsTransport): void {
  let guarded: unknown;
  const guard = () => {
    const dtls = transport.dtls as unknown as Handshaking | undefined;
    if (dtls === undefined || dtls === guarded) return;
    guarded = dtls;
    const seen = new Set<number>();
    const handle = dtls.onHandleHandshakes;
    dtls.onHandleHandshakes = async (messages) => {
      const fresh = messages.filter(({ message_seq }) => !seen.has(message_seq));
      for (const { message_seq } of fresh) seen.add(message_seq);
      if (fresh.length > 0) await handle(fresh);
    };
  };
  // The state changes to "connecting" just before werift makes its DTLS client, and that one waits
  // 100 ms before it speaks: a microtask later is after the one and before the other.
  transport.onStateChange.subscribe(() => queueMicrotask(guard));
  guard();
}
