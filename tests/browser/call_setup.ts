/** The whole system with two browsers, for tests of calls. */
import { launchBrowser } from "../support/browser.ts";
import { type Visitor, visitor } from "../support/visitor.ts";
import { createVisit, passUrl, startTestStack, type TestVisit } from "../support/visits.ts";

// Without a lobby everybody is in the call at once.
export const stack = await startTestStack({ environment: { CHIME_PAGE_LOBBY: "off" } });
export const first = await launchBrowser();
export const second = await launchBrowser();
Deno.test.afterAll(async () => {
  await first.close();
  await second.close();
  await stack.stop();
});

interface Pair {
  readonly visit: TestVisit;
  readonly provider: Visitor;
  readonly patient: Visitor;
}

/** Runs a test with both people in the call, each seeing the other. */
export async function withPair(run: (pair: Pair) => Promise<void>) {
  const visit = await createVisit(stack);
  const provider = await visitor(first, await passUrl(visit, visit.provider));
  const patient = await visitor(second, await passUrl(visit, visit.patient));
  try {
    await provider.until("the patient's picture", ({ seen, frames }) => seen && frames > 3);
    await patient.until("the provider's picture", ({ seen, frames }) => seen && frames > 3);
    await run({ visit, provider, patient });
  } catch (error) {
    const said = [provider, patient].map(({ phone }) => phone.console.slice(-8).join("\n"));
    throw new Error(`${error}\n--- provider\n${said[0]}\n--- patient\n${said[1]}`);
  } finally {
    await provider.close();
    await patient.close();
    stack.chime.faults.clear();
  }
}

/** How many host events begin like this. */
export function count(events: readonly string[], beginning: string): number {
  return events.filter((one) => one.startsWith(beginning)).length;
}
