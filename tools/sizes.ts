/**
 * Prints and records how many bytes a visit loads, with Brotli at its highest setting, beside their budgets.
 * Exits with 1 if one is over. Tests check the same budgets.
 *
 *   deno task sizes
 */
import { brotliSize } from "../sdk/manifest.ts";
import { table } from "../sdk/sizes.ts";
import { SDK_FILES } from "../supabase/functions/chime-page/config/sdk_manifest.generated.ts";
import type { Language } from "../supabase/functions/chime-page/contract/page_data.ts";
import { LANGUAGE_NAMES } from "../supabase/functions/chime-page/contract/languages.ts";
import { bundleOf } from "../supabase/functions/chime-page/page/bundles.ts";
import { deployedDocument } from "../tests/support/deployed_page.ts";
import { record } from "./figures.ts";

/**
 * Bytes with Brotli. The document needs nothing else up to the call, and fits into what a server may
 * send in the first round trip. The others are loaded in parallel, and browsers cache them.
 */
export const BUDGETS = {
  document: 14_000,
  lobbyBundle: 13_000,
  inCallBundle: 24_000,
  sdkFile: 105_000,
} as const;

export interface Size {
  readonly name: string;
  readonly bytes: number;
  readonly budget: number;
}

/** Sizes of the document and the bundles in each language, and of the SDK file. */
export function sizes(): readonly Size[] {
  const brotli = (text: string) => brotliSize(new TextEncoder().encode(text));
  const languages = Object.keys(LANGUAGE_NAMES) as Language[];
  const documents = languages.map((language): Size => ({
    name: `document, ${language}`,
    bytes: brotli(deployedDocument(language)),
    budget: BUDGETS.document,
  }));
  const bundles = (["lobby", "call"] as const).flatMap((bundle) =>
    languages.map((language): Size => ({
      name: `${bundle === "call" ? "in-call" : bundle} bundle, ${language}`,
      bytes: brotli(bundleOf(bundle, language).text),
      budget: bundle === "call" ? BUDGETS.inCallBundle : BUDGETS.lobbyBundle,
    }))
  );
  const [{ brotliBytes }] = SDK_FILES;
  return [
    ...documents,
    ...bundles,
    { name: "SDK file", bytes: brotliBytes, budget: BUDGETS.sdkFile },
  ];
}

if (import.meta.main) {
  const all = sizes();
  const count = (bytes: number) => bytes.toLocaleString("en-GB");
  await record(
    "sizes",
    table(
      ["what", "bytes", "budget", "left"],
      all.map((
        { name, bytes, budget },
      ) => [name, count(bytes), count(budget), count(budget - bytes)]),
    ),
  );
  Deno.exit(all.some(({ bytes, budget }) => bytes > budget) ? 1 : 0);
}
