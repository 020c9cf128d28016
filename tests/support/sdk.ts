import { chosenSdk, ensureSdk, type SdkFile } from "../../sdk/build.ts";

/**
 * The SDK file the page's tests run on: the deployed one, or the whole SDK with
 * `CHIME_PAGE_SDK=uncut`.
 */
export function testedSdk(): Promise<SdkFile> {
  return ensureSdk(chosenSdk(Deno.env));
}

/**
 * The same for tests of the Chime stand-in. It is made for the SDK as it comes, so these run on the
 * whole SDK unless `CHIME_PAGE_SDK=cut` asks for the deployed file.
 */
export function standInSdk(): Promise<SdkFile> {
  const chosen = (Deno.env.get("CHIME_PAGE_SDK") ?? "") !== "";
  return ensureSdk(chosen ? chosenSdk(Deno.env) : { cut: false });
}
