/**
 * Chat over Chime data messages. Pure: network, time and randomness are passed in. A message counts
 * as sent only once another page acknowledges it. Chime stores messages and acknowledgements for
 * five minutes for people who join or reload. Messages that nobody has acknowledged are sent again
 * when somebody joins and after a reconnect; their ids keep them from showing twice.
 */
import { MAX_BYTES, readData } from "../network/data_message.ts";

/** Topic of the chat's data messages. */
export const CHAT_TOPIC = "chat";

/** One chat message. `name` is null for the person's own messages. */
export interface ChatMessage {
  readonly id: string;
  /** ExternalUserId of the sender: two guests may have the same name. */
  readonly sender: string;
  readonly name: string | null;
  readonly text: string;
  /** When it was written or received, in milliseconds since 1970. */
  readonly at: number;
  /** `waiting`: nobody else is in the call yet. Always `sent` for messages from others. */
  state: "pending" | "waiting" | "sent" | "failed";
  /** Number of attempts to send it. */
  tries?: number;
}

export interface ChatDependencies {
  /** Sends a data message; Chime keeps it for `lifetimeMs` for people who join later. */
  readonly transmit: (data: string, lifetimeMs: number) => void;
  /** The person's ExternalUserId, the same on every device and in every tab. */
  readonly self: string;
  /** Name of an attendee, or null for a stranger, whose messages are not shown. */
  readonly nameOf: (attendeeId: string, externalUserId: string) => string | null;
  /** The current time in milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => string;
  readonly later: (run: () => void, milliseconds: number) => void;
  /** The list changed; `fresh` is a new message from someone else. */
  readonly changed: (fresh: ChatMessage | null) => void;
}

/** A data message as the SDK delivers it. */
export interface Received {
  readonly senderAttendeeId: string;
  readonly senderExternalUserId: string;
  readonly throttled: boolean;
  /** When Chime received it: the same if Chime redelivers it, different if it is sent again. */
  readonly timestampMs: number;
  text(): string;
}

/** The chat of one page. It survives reconnecting and rejoining. */
export interface Chat {
  /** The latest messages, oldest first. Unsent messages are never dropped. */
  readonly messages: readonly ChatMessage[];
  /** Returns false if the text is empty or too long. */
  send(text: string): boolean;
  retry(id: string): void;
  received(message: Received): void;
  /** Sets whether the meeting can be reached. Unacknowledged messages are sent once it can. */
  online(online: boolean): void;
  /** Sets the number of other people in the call. Newcomers get the unacknowledged messages. */
  people(others: number): void;
}

const LIFETIME_MS = 300_000;
// The SDK silently drops messages that it cannot send.
const ACK_TIMEOUT_MS = 8_000;

const encode = (id: string, text: string) => JSON.stringify({ id, text });

/** Whether a text fits into one message: its JSON envelope in UTF-8 bytes, with the longest id. */
export function fits(text: string): boolean {
  return new TextEncoder().encode(encode("x".repeat(24), text)).length <= MAX_BYTES;
}

const MAX_MESSAGES = 300;
/** Ids remembered for each sender. */
const MAX_IDS = 1000;
/** Leaves room for messages in Chime's rate limit. */
const MAX_ACKS_PER_SECOND = 20;
/** Messages sent again at once: few enough that the other page acknowledges each. */
const MAX_RESENT_PER_SECOND = 10;
const MAX_ID_LENGTH = 64;

/**
 * Recognizes messages that are new, that the sender sent again, or that Chime redelivered. Ids are
 * kept per sender, so that one sender's flood cannot push out the ids of others.
 */
function createDuplicateFilter(): (
  sender: string,
  id: string,
  at: number,
) => "new" | "resent" | "redelivered" {
  const senders = new Map<string, { readonly ids: Map<string, number>; forgotten: number }>();
  return (sender, id, at) => {
    const known = senders.get(sender) ?? { ids: new Map<string, number>(), forgotten: -1 };
    senders.set(sender, known);
    const before = known.ids.get(id);
    // Chime delivers in order: anything older than a forgotten message was received before.
    if (at <= (before ?? known.forgotten)) return "redelivered";
    known.ids.set(id, at);
    const [oldest] = known.ids;
    if (known.ids.size > MAX_IDS && oldest !== undefined) {
      known.ids.delete(oldest[0]);
      known.forgotten = Math.max(known.forgotten, oldest[1]);
    }
    return before === undefined ? "new" : "resent";
  };
}

/**
 * Acknowledges messages, up to a limit per second. Chime stores the acknowledgements too, so that a
 * reloaded page learns which of its messages arrived.
 */
function createAcknowledger({ later, transmit }: ChatDependencies): (id: string) => void {
  let acks = 0;
  return (id) => {
    if (acks === 0) later(() => acks = 0, 1000);
    if (acks++ < MAX_ACKS_PER_SECOND) transmit(JSON.stringify({ ack: id }), LIFETIME_MS);
  };
}

/** Starts an empty chat. */
export function createChat(dependencies: ChatDependencies): Chat {
  const messages: ChatMessage[] = [];
  const classify = createDuplicateFilter();
  const acknowledge = createAcknowledger(dependencies);
  let reachable = false;
  let others = 0;
  const own = (id: unknown) => messages.find((one) => one.name === null && one.id === id);
  const set = (message: ChatMessage | undefined, state: ChatMessage["state"]) => {
    if (message === undefined || message.state === "sent") return;
    message.state = state;
    dependencies.changed(null);
  };
  /** Adds a message and, over the limit, drops the oldest one that is not waiting to be sent. */
  function add(message: ChatMessage): void {
    messages.push(message);
    if (messages.length <= MAX_MESSAGES) return;
    const oldest = messages.findIndex(({ state }) => state === "sent");
    if (oldest >= 0) messages.splice(oldest, 1);
  }
  /** Chime's time of a stored message, unless the device's clock differs too much from Chime's. */
  function timeOf(timestampMs: number): number {
    const now = dependencies.now();
    return timestampMs > now - LIFETIME_MS && timestampMs < now ? timestampMs : now;
  }
  function transmit(message: ChatMessage): void {
    set(message, others === 0 ? "waiting" : "pending");
    if (!reachable) return;
    dependencies.transmit(encode(message.id, message.text), LIFETIME_MS);
    if (others === 0) return;
    // Each attempt has its own timeout, which must not fail a later attempt.
    const tries = message.tries = (message.tries ?? 0) + 1;
    dependencies.later(() => {
      if (reachable && message.state === "pending" && message.tries === tries) {
        set(message, "failed");
      }
    }, ACK_TIMEOUT_MS);
  }
  /** Sends everything that nobody has acknowledged, oldest first. */
  function resend(): void {
    messages.filter(({ state }) => state !== "sent").forEach((message, index) => {
      const seconds = Math.floor(index / MAX_RESENT_PER_SECOND);
      if (seconds === 0) return transmit(message);
      dependencies.later(() => message.state === "sent" || transmit(message), 1000 * seconds);
    });
  }
  return {
    messages,
    send(text) {
      const trimmed = text.trim();
      if (trimmed === "" || !fits(trimmed)) return false;
      const message: ChatMessage = {
        id: dependencies.newId(),
        sender: dependencies.self,
        name: null,
        text: trimmed,
        at: dependencies.now(),
        state: "pending",
      };
      classify(message.sender, message.id, 0);
      add(message);
      transmit(message);
      return true;
    },
    retry(id) {
      const message = own(id);
      if (message?.state === "failed") transmit(message);
    },
    received(message) {
      const data = readData(message);
      if (data === null) return;
      const { id, text, ack } = data;
      // Chime returns a throttled message to its sender.
      if (message.throttled) return set(own(id), "failed");
      const { senderAttendeeId, senderExternalUserId: sender, timestampMs } = message;
      const mine = sender === dependencies.self;
      const name = mine ? null : dependencies.nameOf(senderAttendeeId, sender);
      if (name === null && !mine) return;
      if (ack !== undefined) return mine ? undefined : set(own(ack), "sent");
      if (typeof id !== "string" || id.length > MAX_ID_LENGTH) return;
      if (typeof text !== "string" || text.trim() === "") return;
      // Chime has the message, but this does not mean that anybody received it.
      if (mine && own(id) !== undefined) return;
      const kind = classify(sender, id, timestampMs);
      // A sender that sends it again missed the first acknowledgement.
      if (!mine && kind !== "redelivered") acknowledge(id);
      if (kind !== "new") return;
      const state = mine ? "pending" : "sent";
      const fresh: ChatMessage = { id, sender, name, text, at: timeOf(timestampMs), state };
      add(fresh);
      dependencies.changed(mine ? null : fresh);
      // After a reload: unless a stored acknowledgement follows, ask whether it arrived.
      if (mine) transmit(fresh);
    },
    online(next) {
      reachable = next;
      if (next) resend();
    },
    people(count) {
      const resends = count > others || count === 0 && others > 0;
      others = count;
      if (resends) resend();
    },
  };
}
