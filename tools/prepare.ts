import { launchBrowser } from "../tests/support/browser.ts";
import { standInSdk, testedSdk } from "../tests/support/sdk.ts";
import { locateCli } from "../tests/support/supabase_cli.ts";

/**
 * Fetches and builds what many test files need, so that no two of them do it at once. Never throws: a
 * test that lacks something says so itself.
 */
export async function prepare(): Promise<void> {
  const unpackBrowser = async () => await (await launchBrowser()).close();
  const buildSdks = async () => {
    // One after the other, because each of them stops the bundler that they share.
    await testedSdk();
    await standInSdk();
  };
  await Promise.allSettled([buildSdks(), unpackBrowser(), locateCli()]);
}
