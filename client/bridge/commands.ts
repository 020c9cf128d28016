/** The page's ear: commands of the host, checked before anything is done. */
import type { ChimePage, HostCommandName, PageEvents } from "./chime-page.d.ts";

/** What the page does for each command; answers whether it acted. */
export type CommandHandlers = Readonly<
  & Record<Exclude<HostCommandName, "language">, () => boolean | void>
  & { language: (tag: string) => boolean }
>;

/** Where commands come from and answers go. */
export interface BridgeDependencies {
  readonly handlers: CommandHandlers;
  readonly answer: (answer: PageEvents["answer"]) => void;
}

/** No command is longer, so nothing longer is parsed. */
const LONGEST = 500;

function parsed(value: unknown): Record<string, unknown> | null {
  let object = value;
  if (typeof value === "string") {
    try {
      object = value.length > LONGEST ? null : JSON.parse(value);
    } catch {
      return null;
    }
  }
  return typeof object === "object" && object !== null ? object as Record<string, unknown> : null;
}

/** Obeys known commands of the right shape; everything else is answered with false, or not at all. */
export function createBridge(dependencies: BridgeDependencies): ChimePage {
  function send(value: unknown): boolean {
    const message = parsed(value);
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
 * Lets the site around the page command it: only the frame's own parent, and only from a configured
 * origin (OWASP ASVS 5.0, 3.5.5).
 */
export function obeyParent(scope: Window, bridge: ChimePage, origins: readonly string[]): void {
  if (scope.parent === scope || origins.length === 0) return;
  scope.addEventListener("message", ({ source, origin, data }) => {
    if (source === scope.parent && origins.includes(origin)) bridge.send(data);
  });
}
