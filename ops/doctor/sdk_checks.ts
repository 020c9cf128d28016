import { probeSdk } from "../sdk_probe.ts";
import { SDK_FILES } from "../../supabase/functions/chime-page/config/sdk_manifest.generated.ts";
import type { TimedResponse } from "../request.ts";
import { metaPolicy } from "./page_checks.ts";
import { type CheckResult, result, skipped } from "./check_result.ts";

/** The SDK file that pages load, as far as it is known. */
export interface SdkReference {
  readonly url: string;
  readonly integrity: string | undefined;
  readonly fallbackUrl: string | undefined;
  /** What this was learned from; printed. */
  readonly source: string;
}

const BUNDLE = /\/files\/(lobby|call)-[a-z]+-[0-9a-f]+\.js$/;

/** Scripts that the Content-Security-Policy of a response allows. */
function allowedFiles(response: TimedResponse): readonly string[] {
  const policy = metaPolicy(response.text) ?? response.headers.get("content-security-policy") ?? "";
  const sources = /(?:^|;)\s*script-src ([^;]*)/.exec(policy)?.[1]?.split(/\s+/) ?? [];
  return sources.filter((one) => /^https?:.*\.js$/.test(one));
}

/** Address and hash of the script element with this id. */
function scriptOf({ text }: TimedResponse, id: string) {
  const tag = new RegExp(`<script\\b[^>]*\\bid="${id}"[^>]*>`).exec(text)?.[0] ?? "";
  return {
    url: /\bsrc="([^"]+)"/.exec(tag)?.[1],
    integrity: /\bintegrity="(sha384-[^"]+)"/.exec(tag)?.[1],
  };
}

/** The SDK file that a page's script element names, or the policy of a response without one. */
export function sdkReference(page: TimedResponse): SdkReference | undefined {
  const [allowed, fallbackUrl] = allowedFiles(page).filter((one) => !BUNDLE.test(one));
  const script = scriptOf(page, "chime-sdk");
  const url = script.url ?? allowed;
  if (url === undefined) return undefined;
  return {
    url,
    integrity: script.integrity ?? knownIntegrity(url),
    fallbackUrl: fallbackUrl === url ? undefined : fallbackUrl,
    source: script.url ? "the page" : "the page's policy",
  };
}

/** A fault if the script at this address fails one of the checks that are `needed`. */
async function checkScript(
  check: string,
  url: string,
  integrity: string | undefined,
  needed: readonly string[],
  remedy: string,
): Promise<CheckResult> {
  const { findings, ms } = await probeSdk(url, integrity);
  const bad = findings.find((one) => !one.good && needed.includes(one.check));
  return result(check, bad === undefined, bad ? `${bad.check}: ${bad.found}` : url, remedy, ms);
}

/** Whether the bundles can be loaded; empty if the response does not name them. */
export async function checkBundles(page: TimedResponse): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const [bundle, check] of [["lobby", "lobby bundle"], ["call", "in-call bundle"]] as const) {
    const script = scriptOf(page, `${bundle}-part`);
    const url = script.url ?? allowedFiles(page).find((one) => BUNDLE.exec(one)?.[1] === bundle);
    if (url === undefined) continue;
    results.push(
      await checkScript(
        check,
        url,
        script.integrity,
        // The platform compresses; everything else comes from the function.
        ["reachable", "hash", "type", "cors", "caching"],
        "a proxy in front of the function must pass on /files/ unchanged; else deploy the function again",
      ),
    );
  }
  return results;
}

/** The hash of an SDK file by its name, if the manifest of this checkout has it. */
export function knownIntegrity(url: string): string | undefined {
  const name = new URL(url).pathname.split("/").at(-1);
  return SDK_FILES.find((one) => one.file === name)?.integrity;
}

/** Checks everything that pages need of the SDK file. */
export async function checkSdkFile(reference: SdkReference): Promise<readonly CheckResult[]> {
  const { url, integrity, fallbackUrl, source } = reference;
  const probe = await probeSdk(url, integrity);
  const edge = probe.edge ? ` by ${probe.edge}` : "";
  const results: CheckResult[] = probe.findings.map(({ check, good, found, remedy }) =>
    check === "reachable"
      ? result("SDK", good, `${found}${edge}; ${url} (from ${source})`, remedy, probe.ms)
      : result(`SDK ${check === "cors" ? "CORS" : check}`, good, found, remedy)
  );
  if (integrity === undefined && results.length > 1) {
    const found = "the manifest of this checkout does not have the file";
    results.splice(1, 0, skipped("SDK hash", found, "give --integrity, or --pass-url"));
  }
  if (fallbackUrl !== undefined) {
    results.push(
      await checkScript(
        "SDK fallback",
        fallbackUrl,
        integrity,
        // It is for emergencies: it need not be cached or compressed.
        ["reachable", "hash", "type", "cors"],
        "publish the same bytes there, or unset CHIME_SDK_FALLBACK_URL",
      ),
    );
  }
  return results;
}
