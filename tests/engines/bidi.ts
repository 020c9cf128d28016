/**
 * A client of WebDriver BiDi (https://w3c.github.io/webdriver-bidi/), as far as the tests of Firefox
 * need it. Playwright drives only a Firefox of its own.
 */
import { once } from "node:events";
import { WebSocket } from "ws";
import { type EnginePage, placeOf, sourceOf } from "./engine.ts";

/** A connection to a browser; its first command must be `session.new`. */
export interface Bidi {
  /** Sends a command and returns its result; throws the browser's error. */
  send<Result>(method: string, params: Readonly<Record<string, unknown>>): Promise<Result>;
  /** Calls back with the parameters of each event of this kind. */
  on(event: string, listen: (params: LogEntry) => void): void;
  close(): void;
}

/** Parameters of `log.entryAdded`. */
interface LogEntry {
  readonly level: string;
  readonly text: string;
  readonly source: { readonly context?: string };
}

type Message =
  | { readonly type: "success"; readonly id: number; readonly result: unknown }
  | {
    readonly type: "error";
    readonly id: number;
    readonly error: string;
    readonly message: string;
  }
  | { readonly type: "event"; readonly method: string; readonly params: LogEntry };

/** Connects to a browser. @param url as Firefox prints it, `ws://127.0.0.1:<port>` */
export async function connect(url: string): Promise<Bidi> {
  const socket = new WebSocket(`${url}/session`);
  await once(socket, "open");
  const open = new Map<number, PromiseWithResolvers<unknown>>();
  const listeners = new Map<string, (params: LogEntry) => void>();
  socket.on("message", (text: unknown) => {
    const message: Message = JSON.parse(String(text));
    if (message.type === "event") return listeners.get(message.method)?.(message.params);
    const answer = open.get(message.id);
    open.delete(message.id);
    if (message.type === "success") answer?.resolve(message.result);
    else answer?.reject(new Error(`${message.error}: ${message.message}`));
  });
  socket.on("close", () => {
    for (const { reject } of open.values()) reject(new Error("The browser has ended"));
  });
  let last = 0;
  const bidi: Bidi = {
    send<Result>(method: string, params: Readonly<Record<string, unknown>>) {
      const answer = Promise.withResolvers<unknown>();
      open.set(++last, answer);
      socket.send(JSON.stringify({ id: last, method, params }));
      return answer.promise as Promise<Result>;
    },
    on: (event, listen) => void listeners.set(event, listen),
    close: () => socket.close(),
  };
  return bidi;
}

/**
 * Opens a tab with storage of its own.
 * @param before runs before the page's scripts
 */
export async function openTab(bidi: Bidi, url: string, before: () => void): Promise<EnginePage> {
  const { userContext } = await bidi.send<{ userContext: string }>("browser.createUserContext", {});
  const tab = { type: "tab", userContext };
  const { context } = await bidi.send<{ context: string }>("browsingContext.create", tab);
  const complaints: string[] = [];
  bidi.on("log.entryAdded", ({ level, text, source }) => {
    if (level === "error" && source.context === context) complaints.push(`error: ${text}`);
  });
  await bidi.send("session.subscribe", { events: ["log.entryAdded"] });
  const viewport = { width: 360, height: 640 };
  await bidi.send("browsingContext.setViewport", { context, viewport, devicePixelRatio: 2 });
  await bidi.send("script.addPreloadScript", {
    functionDeclaration: String(before),
    userContexts: [userContext],
  });
  await bidi.send("browsingContext.navigate", { context, url, wait: "complete" });
  return tabPage(
    bidi,
    context,
    complaints,
    () => bidi.send("browser.removeUserContext", { userContext }),
  );
}

interface Evaluated {
  readonly result?: { readonly value?: string };
  readonly exceptionDetails?: { readonly text: string };
}

function tabPage(
  bidi: Bidi,
  context: string,
  complaints: readonly string[],
  close: () => Promise<unknown>,
): EnginePage {
  const perform = (type: "pointer" | "key", actions: readonly unknown[]) =>
    bidi.send("input.performActions", { context, actions: [{ type, id: type, actions }] });
  const evaluate = async (read: unknown, value?: unknown) => {
    const { result, exceptionDetails } = await bidi.send<Evaluated>("script.evaluate", {
      expression: sourceOf(read, value),
      target: { context },
      awaitPromise: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.text);
    return result?.value === undefined ? undefined : JSON.parse(result.value);
  };
  return {
    complaints,
    evaluate,
    async press(selector) {
      await perform("pointer", [
        { type: "pointerMove", ...integers(await placeOf({ evaluate }, selector)) },
        { type: "pointerDown", button: 0 },
        { type: "pointerUp", button: 0 },
      ]);
    },
    async enter(text) {
      const keys = [...text, ENTER].flatMap((value) => [
        { type: "keyDown", value },
        { type: "keyUp", value },
      ]);
      await perform("key", keys);
    },
    async reload() {
      await bidi.send("browsingContext.reload", { context, wait: "complete" });
    },
    async close() {
      await close();
    },
  };
}

/** As WebDriver names the key. */
const ENTER = "\uE007";

const integers = ({ x, y }: { readonly x: number; readonly y: number }) => ({
  x: Math.round(x),
  y: Math.round(y),
});
