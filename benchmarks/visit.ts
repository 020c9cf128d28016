/// <reference lib="dom" />
/**
 * Taps and times of a visit: two people on the local stack, each in a browser of their own, from the
 * link until they hear each other, and back again after a reload and after leaving.
 *
 *   deno task bench:visit
 */
import type { Browser, Page } from "playwright-core";
import { table } from "../sdk/sizes.ts";
import { launchBrowser } from "../tests/support/browser.ts";
import { type Visitor, visitor } from "../tests/support/visitor.ts";
import { createVisit, passUrl, startTestStack } from "../tests/support/visits.ts";
import { record } from "../tools/figures.ts";

/** Fake microphones beep at about 0.5; noise of the codec stays far below. */
const HEARD = 0.05;

interface Row {
  readonly way: string;
  readonly taps: number;
  readonly milliseconds: number;
}

/** Opens a link, or reloads its page, and waits until the lobby asks to join. */
async function toLobby(page: Page): Promise<void> {
  await page.locator("#join").waitFor();
}

/** Waits until a person is in the call and hears the other from now on. */
async function untilHeard(person: Visitor): Promise<void> {
  // A call after a rejoin reuses the stream with a new track: listen anew.
  await person.phone.page.evaluate(() => Object.assign(globalThis, { loudest: 0, listening: "" }));
  await person.until(
    "the other's voice",
    ({ phase, loudest }) => phase === "in-call" && loudest > HEARD,
  );
}

/** One visit: the patient comes first and waits, the provider joins, and the patient comes back. */
async function visit(): Promise<Row[]> {
  const rows: Row[] = [];
  const people: Visitor[] = [];
  /** Measures `go`, which receives a function that taps. */
  const measure = async (
    way: string,
    go: (tap: (person: Visitor, selector: string) => Promise<void>) => Promise<void>,
  ) => {
    let taps = 0;
    const start = performance.now();
    await go((person, selector) => {
      taps++;
      return person.press(selector);
    });
    rows.push({ way, taps, milliseconds: performance.now() - start });
  };
  const enter = async (which: "provider" | "patient") => {
    const browser = browsers[people.length];
    if (browser === undefined) throw new Error("Cannot open a third browser");
    const person = await visitor(browser, await passUrl(planned, planned[which]));
    people.push(person);
    await toLobby(person.phone.page);
    return person;
  };
  const planned = await createVisit(stack);
  try {
    const patient = await enter("patient");
    await patient.press("#join");
    await measure("the provider's link, with the patient waiting", async (tap) => {
      const provider = await enter("provider");
      await tap(provider, "#join");
      await untilHeard(provider);
    });
    await measure("the waiting room, from the provider's sound on", () => untilHeard(patient));
    await measure("a reload in the call", async (tap) => {
      await patient.phone.page.reload();
      await toLobby(patient.phone.page);
      await tap(patient, "#join");
      await untilHeard(patient);
    });
    await patient.press("#leave");
    await patient.until("the end", ({ phase }) => phase === "left");
    await measure("leaving, and coming back", async (tap) => {
      await tap(patient, "#action");
      await untilHeard(patient);
    });
  } finally {
    for (const person of people) await person.close();
  }
  return rows;
}

const stack = await startTestStack();
const browsers: Browser[] = [];
try {
  for (let count = 0; count < 2; count++) browsers.push(await launchBrowser());
  // The first visit of a process also compiles the function and the SDK: it is not counted.
  await visit();
  const rows = await visit();
  const first = rows[0]?.milliseconds ?? NaN;
  await record(
    "bench:visit",
    table(
      ["from", "taps", "seconds until the other is heard"],
      rows.map(({ way, taps, milliseconds }) => [
        way,
        String(taps),
        `${(milliseconds / 1000).toFixed(2)} (${(milliseconds / first).toFixed(2)})`,
      ]),
    ),
  );
} finally {
  for (const browser of browsers) await browser.close();
  await stack.stop();
}
