import type { Browser, BrowserContext, Page } from "playwright-core";
import { poll } from "../patience.ts";
// Declares `globalThis.caller`.
import type {} from "./caller_page.ts";
import type { CallerState, JoinOptions } from "./caller_state.ts";

/** Tones that stand for people's voices; none is a harmonic of another. */
export const TONES = [440, 700, 1010, 1390, 1810, 2390] as const;
/**
 * How far a tone must stand out to count as heard, and how little it may to count as silent. In a
 * call of six, measured: the others 27 to 48 dB, the own -7 to 11.
 */
const HEARD = 20;
const SILENT = 15;

const POLL_MS = 100;

/** One person's browser tab in a call. */
export class Caller {
  /** What the page wrote to its console; a test that fails shows it. */
  readonly said: string[] = [];

  private constructor(
    private readonly context: BrowserContext,
    private readonly page: Page,
    readonly tone: number,
  ) {}

  /** Opens a tab. */
  static async open(browser: Browser, url: string, tone: number): Promise<Caller> {
    const context = await browser.newContext({
      permissions: ["camera", "microphone"],
      // Painting is what costs most where there is no graphics card.
      viewport: { width: 160, height: 120 },
    });
    const page = await context.newPage();
    const caller = new Caller(context, page, tone);
    page.on("console", (message) => caller.said.push(message.text()));
    page.on("pageerror", (error) => caller.said.push(String(error)));
    await page.goto(url);
    return caller;
  }

  /** Joins and does not wait for it. */
  async join(options: Omit<JoinOptions, "tone">): Promise<void> {
    await this.page.evaluate((all) => globalThis.caller.join(all), { ...options, tone: this.tone });
  }

  async cameraOn(): Promise<void> {
    await this.page.evaluate(() => globalThis.caller.cameraOn());
  }

  async cameraOff(): Promise<void> {
    await this.page.evaluate(() => globalThis.caller.cameraOff());
  }

  async mute(muted: boolean): Promise<void> {
    await this.page.evaluate((on) => globalThis.caller.mute(on), muted);
  }

  async listen(topic: string): Promise<void> {
    await this.page.evaluate((on) => globalThis.caller.listen(on), topic);
  }

  async say(topic: string, text: string, lifetimeMs = 0, times = 1): Promise<void> {
    await this.page.evaluate(
      (all) => globalThis.caller.say(all.topic, all.text, all.lifetimeMs, all.times),
      { topic, text, lifetimeMs, times },
    );
  }

  async share(): Promise<void> {
    await this.page.evaluate(() => globalThis.caller.share());
  }

  async stopShare(): Promise<void> {
    await this.page.evaluate(() => globalThis.caller.stopShare());
  }

  async leave(): Promise<void> {
    await this.page.evaluate(() => globalThis.caller.leave());
  }

  async state(): Promise<CallerState> {
    return await this.page.evaluate(() => globalThis.caller.state());
  }

  async statistics(): Promise<Record<string, unknown>[]> {
    return await this.page.evaluate(() => globalThis.caller.statistics());
  }

  async hear(tones: readonly number[]): Promise<number[]> {
    return await this.page.evaluate((all) => globalThis.caller.hear(all), tones);
  }

  /** Waits until the state is as wanted; fails with the state as it is where it never is. */
  async until(what: string, wanted: (state: CallerState) => boolean): Promise<CallerState> {
    return await this.#poll(what, () => this.state(), wanted);
  }

  /** Waits until every remote tile wanted has shown `frames` more frames than it has now. */
  async untilFramesAdvance(people: readonly string[], frames = 5) {
    const count = (state: CallerState, name: string) =>
      state.tiles.filter((tile) => tile.externalUserId === name && !tile.content)
        .reduce((sum, tile) => sum + tile.frames, 0);
    const before = await this.state();
    return await this.until(
      `new frames of ${people.join(", ")}`,
      (state) => people.every((name) => count(state, name) >= count(before, name) + frames),
    );
  }

  /** Waits until these tones are heard, and those are not. */
  async untilHears(tones: readonly number[], silent: readonly number[] = []): Promise<void> {
    await this.#poll(
      `${tones} Hz heard and ${silent} Hz not`,
      async () => ({
        heard: await this.hear(tones),
        not: await this.hear(silent),
        received: (await this.statistics()).map((row) => [row["kind"], row["packetsReceived"]]),
      }),
      ({ heard, not }) => heard.every((db) => db > HEARD) && not.every((db) => db < SILENT),
    );
  }

  async #poll<T>(what: string, ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
    const context = () => this.said.slice(-15).join("\n");
    return await poll(what, ask, wanted, { everyMs: POLL_MS, context });
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}
