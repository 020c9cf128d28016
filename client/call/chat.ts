/**
 * The chat of a call, by data messages: what was written, and whether it arrived. Pure: the network,
 * time and randomness are handed in. A message counts as sent when somebody's page has said so, or
 * when Amazon gives it back, which keeps it for those who come later.
 */
import { MOST_BYTES, readData } from "../network/data_message.ts";

/** Topic of the chat's data messages. */
export const CHAT_TOPIC = "chat";

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
export interface ChatDependencies {
  /** Hands data to the meeting; kept for `lifetimeMs` for those who come later. */
  readonly transmit: (data: string, lifetimeMs: number) => void;
  /** The reader's own ExternalUserId, on whatever device and in whatever page they wrote. */
  readonly self: string;
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
  /** When Amazon took it in: the same whenever Amazon gives it again, another when it is sent again. */
  readonly timestampMs: number;
  text(): string;
}

/** The chat's memory; it outlives reconnects and rejoins, not the page. */
export interface Chat {
  /** The newest, oldest first; what is not sent yet is kept longer. */
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

/** So many messages are kept, of whomever. */
const KEPT = 300;
/** So many ids are remembered of each sender. */
const REMEMBERED = 1000;
/** More confirmations a second are not sent: they would use up what Amazon lets a person send. */
const ACKS_A_SECOND = 20;
const LONGEST_ID = 64;

/**
 * Tells what comes for the first time, what its sender has sent again, and what only Amazon gives
 * once more: for each sender by themselves, so that nobody's flood makes others forgotten.
 */
function createMemory(): (sender: string, id: string, at: number) => "new" | "again" | "given" {
  const senders = new Map<string, { readonly ids: Map<string, number>; forgotten: number }>();
  return (sender, id, at) => {
    const known = senders.get(sender) ?? { ids: new Map<string, number>(), forgotten: -1 };
    senders.set(sender, known);
    const before = known.ids.get(id);
    // Amazon gives messages in their order: what is older than something forgotten was here.
    if (at <= (before ?? known.forgotten)) return "given";
    known.ids.set(id, at);
    const [oldest] = known.ids;
    if (known.ids.size > REMEMBERED && oldest !== undefined) {
      known.ids.delete(oldest[0]);
      known.forgotten = Math.max(known.forgotten, oldest[1]);
    }
    return before === undefined ? "new" : "again";
  };
}

/** Starts an empty chat. */
export function createChat(dependencies: ChatDependencies): Chat {
  const messages: ChatMessage[] = [];
  const remember = createMemory();
  let reachable = false;
  let acks = 0;
  const own = (id: unknown) => messages.find((one) => one.name === null && one.id === id);
  const set = (message: ChatMessage | undefined, state: ChatMessage["state"]) => {
    if (message === undefined || message.state === "sent") return;
    message.state = state;
    dependencies.changed(null);
  };
  /** Drops the oldest, but nothing that is still to be sent. */
  function add(message: ChatMessage): void {
    messages.push(message);
    if (messages.length <= KEPT) return;
    const oldest = messages.findIndex(({ state }) => state === "sent");
    if (oldest >= 0) messages.splice(oldest, 1);
  }
  function acknowledge(id: string): void {
    if (acks === 0) dependencies.later(() => acks = 0, 1000);
    if (acks++ < ACKS_A_SECOND) dependencies.transmit(JSON.stringify({ ack: id }), 0);
  }
  function transmit(message: ChatMessage): void {
    set(message, "pending");
    if (!reachable) return;
    dependencies.transmit(encoded(message.id, message.text), KEPT_MS);
    // Alone, the message waits at Amazon for whoever comes.
    if (dependencies.others() === 0) return set(message, "sent");
    // Each try has its own patience: an older one says nothing about it.
    const tries = message.tries = (message.tries ?? 0) + 1;
    dependencies.later(() => {
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
      const message: ChatMessage = {
        id: dependencies.newId(),
        name: null,
        text: words,
        state: "pending",
      };
      remember(dependencies.self, message.id, 0);
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
      // Amazon gives a message back to its sender to say that it was too much.
      if (message.throttled) return set(own(id), "failed");
      const { senderAttendeeId, senderExternalUserId: sender, timestampMs } = message;
      const mine = sender === dependencies.self;
      const name = mine ? null : dependencies.nameOf(senderAttendeeId, sender);
      if (name === null && !mine) return;
      if (ack !== undefined) return mine ? undefined : set(own(ack), "sent");
      if (typeof id !== "string" || id.length > LONGEST_ID) return;
      if (typeof text !== "string" || text.trim() === "") return;
      if (mine && own(id) !== undefined) return set(own(id), "sent");
      const seen = remember(sender, id, timestampMs);
      // Whoever sends it again has not heard that it came.
      if (!mine && seen !== "given") acknowledge(id);
      if (seen !== "new") return;
      const fresh: ChatMessage = { id, name, text, state: "sent" };
      add(fresh);
      dependencies.changed(mine ? null : fresh);
    },
    online(next) {
      reachable = next;
      if (next) messages.filter(({ state }) => state === "pending").forEach(transmit);
    },
  };
}
