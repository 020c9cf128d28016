import { chosenSdk, ensureSdk, SDK_DIRECTORY, type SdkFile } from "../../sdk/build.ts";
import { type Cdn, startCdn } from "../../dev/cdn/origin.ts";
import type { VisitPageData } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { PATIENCE_MS } from "./patience.ts";

/**
 * The SDK file of the page's tests: the deployed one, or the whole SDK with
 * `CHIME_PAGE_SDK=uncut`.
 */
export function testedSdk(): Promise<SdkFile> {
  return ensureSdk(chosenSdk(Deno.env));
}

/**
 * What the page's policy stops of that file. The whole SDK contains a library that tries to compile
 * WebAssembly, and does without if the policy forbids it. The deployed file tries nothing of the kind.
 */
export function stoppedBySdk(): readonly string[] {
  return chosenSdk(Deno.env).cut ? [] : ["wasm-eval"];
}

/**
 * The SDK file of tests of the Chime stand-in, which is made for the whole SDK: these run on it unless
 * `CHIME_PAGE_SDK=cut` asks for the deployed file.
 */
export function standInSdk(): Promise<SdkFile> {
  const chosen = (Deno.env.get("CHIME_PAGE_SDK") ?? "") !== "";
  return ensureSdk(chosen ? chosenSdk(Deno.env) : { cut: false });
}

/** Serves the SDK file of the page's tests, and answers how a page's data names it. */
export async function serveSdk(): Promise<{ cdn: Cdn; sdk: VisitPageData["sdk"] }> {
  const { file, integrity } = await testedSdk();
  const cdn = await startCdn({ directory: SDK_DIRECTORY });
  return { cdn, sdk: { url: `${cdn.url}/${file}`, integrity, timeoutMs: PATIENCE_MS } };
}
