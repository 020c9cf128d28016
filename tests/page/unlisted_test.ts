/// <reference lib="dom" />
/** People who enter a call without being listed on the pages that were opened before them. */
import { deepEqual, equal, ok } from "node:assert/strict";
import type { Person } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { clientTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import { browserTest } from "../support/browser.ts";
import { hostMessages } from "../support/page_host.ts";
import { enterCall, type Scene, withScene } from "../support/scene.ts";
import { until } from "../support/patience.ts";
import { PATIENT, PROVIDER } from "../support/visit_page.ts";

const ON_CALL: Person = {
  id: "5c6f1f0e-0000-4000-8000-000000000057",
  name: "Dr. Esther Tchoumi",
  role: "provider",
};
const names = ({ page }: Scene) => page.locator(".tile .name bdi").allTextContents();

browserTest("people who are not listed", async (browser, t) => {
  await t.step(
    "a page learns the name and role of somebody who joins the call",
    () =>
      withScene(browser, { hosted: true }, async (scene) => {
        const { page, visit } = scene;
        await enterCall(scene);
        await scene.pull("enter", `a-${PROVIDER.id}`, PROVIDER.id, null);
        deepEqual(await names(scene), [PROVIDER.name]);
        visit.people = [ON_CALL];
        await scene.pull("enter", `a-${ON_CALL.id}`, ON_CALL.id, 30);
        await until("their name", async () => (await names(scene)).includes(ON_CALL.name));
        const { joined, enlarge } = clientTexts("en");
        await until(
          "the announcement",
          async () =>
            await page.locator("#announce").textContent() ===
              joined.replace("{name}", ON_CALL.name),
        );
        ok(await page.getByLabel(enlarge.replace("{name}", ON_CALL.name)).count() > 0);
        equal(await page.locator(".tile.seen").count(), 1);
        const roles = (await hostMessages(page)).filter(({ event }) => event === "participant");
        deepEqual(roles.map(({ data }) => data), [
          { change: "joined", role: "provider", others: { provider: 1, patient: 0, guest: 0 } },
          { change: "joined", role: "provider", others: { provider: 2, patient: 0, guest: 0 } },
        ]);
        await scene.pull("say", ON_CALL.id, { id: "1", text: "Good morning" });
        await until(
          "their message",
          async () =>
            (await page.locator("#chat-list").textContent())?.includes(ON_CALL.name) === true,
        );
      }),
  );

  await t.step(
    "somebody who leaves before the answer is not announced",
    () =>
      withScene(browser, { hosted: true }, async (scene) => {
        await enterCall(scene);
        scene.visit.people = [ON_CALL];
        // In one task of the page, so that no answer can come in between.
        await scene.page.evaluate((id) => {
          const puppet = Reflect.get(globalThis, "puppet");
          puppet.enter(`a-${id}`, id, null);
          puppet.exit(`a-${id}`);
        }, ON_CALL.id);
        await scene.pull("enter", `a-${PROVIDER.id}`, PROVIDER.id, null);
        await until("the doctor", async () => (await names(scene)).includes(PROVIDER.name));
        const { joined } = clientTexts("en");
        await until("the announcement", async () =>
          await scene.page.locator("#announce").textContent() ===
            joined.replace("{name}", PROVIDER.name));
        const changes = (await hostMessages(scene.page)).filter(({ event }) =>
          event === "participant"
        );
        equal(changes.length, 1);
      }),
  );

  await t.step(
    "while nobody is listed, no sentence lacks a name, in another language too",
    () =>
      withScene(
        browser,
        { data: { people: [PATIENT], state: "waiting", join: null, lobby: true } },
        async (scene) => {
          const { page } = scene;
          const said = async () =>
            [await page.locator("#status").textContent(), await page.locator("#card").innerText()]
              .join("\n");
          for (const language of ["en", "fr"] as const) {
            if (language === "fr") {
              await until("the menu", async () =>
                await page.evaluate(() =>
                  Reflect.get(globalThis, "chimePage").send({ command: "language", language: "fr" })
                ));
            }
            const { checkedIn, waiting } = clientTexts(language);
            await until(
              `checked in, in ${language}`,
              async () =>
                (await said()).includes(checkedIn),
            );
            ok(!(await said()).includes(waiting.replace("{name}", "").trim()), await said());
          }
        },
      ),
  );
});
