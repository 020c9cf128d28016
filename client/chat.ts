/**
 * The chat of a call, by data messages: what was written, and whether it arrived. Pure: the network,
 * time and randomness are handed in. A message counts as sent when somebody's page has said so.
 */

/** Topic of the chat's data messages. */
export const CHAT_TOPIC = "chat";
/** Amazon's limit for the data of one message, bytes. */
export const MOST_BYTES = 2048;

/** One line of the chat. `name` is null for the reader's own. */
export interface ChatMessage {
  readonly id: string;
  readonly name: string | null;
  readonly text: string;
  /** Of others' messages always `sent`. */
  state: "pending" | "sent" | "failed";
  /** How often it was handed to the meeting. */
  tries?: number;
}

/** What the chat needs of the call. */
export interface ChatPorts {
  /** Hands data to the meeting; kept for `lifetimeMs` for those who come later. */
  readonly transmit: (data: string, lifetimeMs: number) => void;
  /** Who an attendee is; null for one who is not in this visit: nothing of theirs is shown. */
  readonly nameOf: (attendeeId: string, externalUserId: string) => string | null;
  /** How many others are in the call now. */
  readonly others: () => number;
  readonly newId: () => string;
  readonly later: (run: () => void, milliseconds: number) => void;
  /** Something changed; `fresh` is a message that just came from somebody. */
  readonly changed: (fresh: ChatMessage | null) => void;
}

/** A data message as the SDK hands it over. */
export interface Received {
  readonly senderAttendeeId: string;
  readonly senderExternalUserId: string;
  readonly throttled: boolean;
  text(): string;
}

/** The chat's memory; it outlives reconnects and rejoins, not the page. */
export interface Chat {
  readonly messages: readonly ChatMessage[];
  /** Answers false for nothing or too much to send. */
  send(text: string): boolean;
  retry(id: string): void;
  received(message: Received): void;
  /** Whether the meeting can be reached now. What waits is sent then. */
  online(online: boolean): void;
}

const KEPT_MS = 300_000;
// The SDK drops what it cannot send without a word.
const PATIENCE_MS = 8_000;

const encoded = (id: string, text: string) => JSON.stringify({ id, text });

/** Whether a text fits into one message, in UTF-8 bytes with everything around it. */
export function fits(text: string): boolean {
  return new TextEncoder().encode(encoded("x".repeat(24), text)).length <= MOST_BYTES;
}

function parsed(data: string): { id?: unknown; text?: unknown; ack?: unknown } | null {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

/** Starts an empty chat. */
export function createChat(ports: ChatPorts): Chat {
  const messages: ChatMessage[] = [];
  const seen = new Set<string>();
  let reachable = false;
  const own = (id: unknown) => messages.find((one) => one.name === null && one.id === id);
  const set = (message: ChatMessage | undefined, state: ChatMessage["state"]) => {
    if (message === undefined || message.state === "sent") return;
    message.state = state;
    ports.changed(null);
  };
  function transmit(message: ChatMessage): void {
    set(message, "pending");
    if (!reachable) return;
    ports.transmit(encoded(message.id, message.text), KEPT_MS);
    // Alone, the message waits at Amazon for whoever comes.
    if (ports.others() === 0) return set(message, "sent");
    // Each try has its own patience: an older one says nothing about it.
    const tries = message.tries = (message.tries ?? 0) + 1;
    ports.later(() => {
      if (reachable && message.state === "pending" && message.tries === tries) {
        set(message, "failed");
      }
    }, PATIENCE_MS);
  }
  return {
    messages,
    send(text) {
      const words = text.trim();
      if (words === "" || !fits(words)) return false;
      const message: ChatMessage = { id: ports.newId(), name: null, text: words, state: "pending" };
      messages.push(message);
      transmit(message);
      return true;
    },
    retry(id) {
      const message = own(id);
      if (message?.state === "failed") transmit(message);
    },
    received(message) {
      const data = parsed(message.text());
      if (data === null) return;
      // Amazon gives a message back to its sender to say that it was too much.
      if (message.throttled) return set(own(data.id), "failed");
      const { senderAttendeeId, senderExternalUserId } = message;
      const name = ports.nameOf(senderAttendeeId, senderExternalUserId);
      if (name === null) return;
      if (data.ack !== undefined) return set(own(data.ack), "sent");
      const { id, text } = data;
      if (typeof id !== "string" || typeof text !== "string" || text.trim() === "") return;
      ports.transmit(JSON.stringify({ ack: id }), 0);
      // Sent again by its sender, or by Amazon after a reconnect.
      const known = `${senderExternalUserId} ${id}`;
      if (seen.has(known)) return;
      seen.add(known);
      const fresh: ChatMessage = { id, name, text, state: "sent" };
      messages.push(fresh);
      ports.changed(fresh);
    },
    online(next) {
      reachable = next;
      if (next) messages.filter(({ state }) => state === "pending").forEach(transmit);
    },
  };
}
