import type { RTCDtlsTransport } from "werift";

/** A method of werift's DTLS client that its types do not declare. */
interface Handshaking {
  onHandleHandshakes(messages: readonly { readonly message_seq: number }[]): Promise<void>;
}

/**
 * Makes a DTLS transport ignore repeated handshake messages, as RFC 6347, 4.2.2 asks. The README
 * ("Two faults of werift") says what happens otherwise.
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
  // The state becomes "connecting" just before werift creates its DTLS client, which then waits
  // 100 ms before it sends: a microtask later is between the two.
  transport.onStateChange.subscribe(() => queueMicrotask(guard));
  guard();
}
