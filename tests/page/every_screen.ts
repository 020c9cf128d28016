/** Checks of every screen of a visit. */
import type { Browser, Page } from "playwright-core";
import type { Language } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { SCREENS } from "../../tools/screens.ts";
import { openScene } from "../support/scene.ts";

/**
 * Goes to each screen and checks it. Two at a time, because each spends most of its time waiting.
 * @returns the faults as `screen, fault`; a screen that cannot be reached is one
 */
export async function faultsOfEveryScreen(
  browser: Browser,
  language: Language,
  check: (page: Page) => Promise<readonly string[]>,
): Promise<string[]> {
  const found: string[] = [];
  const left = [...SCREENS];
  const work = async () => {
    for (let screen = left.shift(); screen !== undefined; screen = left.shift()) {
      const scene = await openScene(browser, { ...screen.options, language });
      try {
        await screen.act(scene);
        const faults = await check(scene.page);
        found.push(...faults.map((fault) => `${screen?.name}, ${fault}`));
      } catch (error) {
        found.push(`${screen.name} cannot be reached: ${error}`);
      } finally {
        await scene.close();
      }
    }
  };
  await Promise.all([work(), work()]);
  return found;
}
