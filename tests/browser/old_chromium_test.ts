import assert from "node:assert/strict";
import { launchBrowser } from "../support/browser.ts";
import { visitor } from "../support/visitor.ts";
import { createVisit, passUrl, startTestStack } from "../support/visits.ts";
import { looseTest } from "../support/sanitizers.ts";

// Android web views from 92 to 106 behave like this version: the SDK sends no redundant audio.
looseTest("on Chromium 106 two people see and hear each other", async () => {
  await using stack = new AsyncDisposableStack();
  const system = await startTestStack({ environment: { CHIME_PAGE_LOBBY: "off" } });
  stack.defer(() => system.stop());
  const browser = await launchBrowser({ version: 106 });
  stack.defer(() => browser.close());
  assert.match(browser.version(), /^106\./);
  const visit = await createVisit(system);
  const people = await Promise.all(
    [visit.provider, visit.patient].map(async (person) =>
      await visitor(browser, await passUrl(visit, person))
    ),
  );
  await Promise.all(people.map(async ({ phone, until }) => {
    try {
      await until("the other's picture", ({ seen, frames }) => seen && frames > 10);
      await until("sound", ({ loudest }) => loudest > 0.05);
    } catch (error) {
      throw new Error(`${error}\n${[...phone.errors, ...phone.console].slice(-20).join("\n")}`);
    }
  }));
});
