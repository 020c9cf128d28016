/// <reference lib="dom" />
/** The host app around a page: its messages, its commands, and events of its system. */
import type { Page } from "playwright-core";
import type { ChimePage, HostCommand, PageMessage } from "../../client/bridge/chime-page.d.ts";

/** Lets a page find a host, whose messages {@link hostMessages} reads. Before the page is opened. */
export async function addHost(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const heard: string[] = [];
    const postMessage = (text: string) => heard.push(text);
    Object.assign(globalThis, { heard, ChimeHandler: { postMessage } });
  });
}

/** What the host has heard so far. */
export async function hostMessages(page: Page): Promise<PageMessage[]> {
  const texts = await page.evaluate(() => Reflect.get(globalThis, "heard") as string[]);
  return texts.map((text) => JSON.parse(text));
}

/** The same as `event/data`. */
export async function hostEvents(page: Page): Promise<string[]> {
  return (await hostMessages(page)).map(({ event, data }) => `${event}/${data}`);
}

/** Sends a command as the host does; answers whether the page handled it. */
export function sendCommand(page: Page, command: HostCommand): Promise<boolean> {
  return page.evaluate(
    (message) => (Reflect.get(globalThis, "chimePage") as ChimePage).send(message),
    command,
  );
}

/** Fires events at the page's window, one after the other: `online`, `pagehide` and the like. */
export async function fire(page: Page, ...events: readonly string[]): Promise<void> {
  await page.evaluate((names) => {
    for (const name of names) {
      dispatchEvent(
        name.startsWith("page")
          ? new PageTransitionEvent(name, { persisted: true })
          : new Event(name),
      );
    }
  }, events);
}
