import { launchBrowser } from "../tests/support/browser.ts";
import { standInSdk, testedSdk } from "../tests/support/sdk.ts";

/**
 * Fetches and builds what many test files need: on a fresh machine two that do it at once would be in
 * each other's way. Never raises: whoever needs what could not be made fails by itself, and says so.
 */
export async function prepare(): Promise<void> {
  const unpackBrowser = async () => await (await launchBrowser()).close();
  const buildSdks = async () => {
    // One after the other: they share a bundler, which each of them stops.
    await testedSdk();
    await standInSdk();
  };
  await Promise.allSettled([buildSdks(), unpackBrowser()]);
}
