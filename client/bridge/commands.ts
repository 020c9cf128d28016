/** Commands from the host app, validated before they run. */
import type { ChimePage, HostCommandName, PageEvents } from "./chime-page.d.ts";

/** One handler per command. Returning false means that the command was not handled. */
export type CommandHandlers = Readonly<
  & Record<Exclude<HostCommandName, "language">, () => boolean | void>
  & { language: (tag: string) => boolean }
>;

export interface BridgeDependencies {
  readonly handlers: CommandHandlers;
  readonly answer: (answer: PageEvents["answer"]) => void;
}

/** Longer messages are ignored without being parsed. In characters. */
const MAX_LENGTH = 500;

function parse(value: unknown): Record<string, unknown> | null {
  let object = value;
  if (typeof value === "string") {
    try {
      object = value.length > MAX_LENGTH ? null : JSON.parse(value);
    } catch {
      return null;
    }
  }
  return typeof object === "object" && object !== null ? object as Record<string, unknown> : null;
}

/**
 * Runs known commands of the right shape. `send` returns false for everything else, and answers a
 * command that has an `id`.
 */
export function createBridge(dependencies: BridgeDependencies): ChimePage {
  function send(value: unknown): boolean {
    const message = parse(value);
    const command = message?.["command"];
    if (message === null || typeof command !== "string") return false;
    let handled = false;
    if (Object.prototype.hasOwnProperty.call(dependencies.handlers, command)) {
      const tag = message["language"];
      if (command !== "language") {
        handled = dependencies.handlers[command as "back"]() !== false;
      } else if (typeof tag === "string") handled = dependencies.handlers.language(tag);
    }
    const id = message["id"];
    if (typeof id === "number" || typeof id === "string" && id.length <= 64) {
      dependencies.answer({ id, command: command.slice(0, 64), handled });
    }
    return handled;
  }
  return { send };
}

/**
 * Accepts commands from the embedding site: only from the direct parent of the frame, and only from
 * a configured origin (OWASP ASVS 5.0, 3.5.5).
 */
export function listenToParent(scope: Window, bridge: ChimePage, origins: readonly string[]): void {
  if (scope.parent === scope || origins.length === 0) return;
  scope.addEventListener("message", ({ source, origin, data }) => {
    if (source === scope.parent && origins.includes(origin)) bridge.send(data);
  });
}
