import { probeSdk } from "../sdk_probe.ts";
import { SDK_FILES } from "../../supabase/functions/chime-page/config/sdk_manifest.generated.ts";
import type { Answer } from "./ask.ts";
import { metaPolicy } from "./page_checks.ts";
import { judged, type Row, skipped } from "./row.ts";

/** Which file pages load, as far as it is known. */
export interface SdkReference {
  readonly url: string;
  readonly integrity: string | undefined;
  readonly fallbackUrl: string | undefined;
  /** Where this is known from. */
  readonly source: string;
}

const CALL_FILE = /\/files\/call-[a-z]+-[0-9a-f]+\.js$/;

/** Files that an answer's own policy lets a page load. */
function allowedFiles(answer: Answer): readonly string[] {
  const policy = metaPolicy(answer.text) ?? answer.headers.get("content-security-policy") ?? "";
  const sources = /(?:^|;)\s*script-src ([^;]*)/.exec(policy)?.[1]?.split(/\s+/) ?? [];
  return sources.filter((one) => /^https?:.*\.js$/.test(one));
}

/** Address and hash of a script element, by its id. */
function scriptOf({ text }: Answer, id: string) {
  const tag = new RegExp(`<script\\b[^>]*\\bid="${id}"[^>]*>`).exec(text)?.[0] ?? "";
  return {
    url: /\bsrc="([^"]+)"/.exec(tag)?.[1],
    integrity: /\bintegrity="(sha384-[^"]+)"/.exec(tag)?.[1],
  };
}

/** The file named by a page's script element, or by the policy of an answer that has none. */
export function sdkReference(answer: Answer): SdkReference | undefined {
  const [allowed, fallbackUrl] = allowedFiles(answer).filter((one) => !CALL_FILE.test(one));
  const script = scriptOf(answer, "chime-sdk");
  const url = script.url ?? allowed;
  if (url === undefined) return undefined;
  return {
    url,
    integrity: script.integrity ?? knownIntegrity(url),
    fallbackUrl: fallbackUrl === url ? undefined : fallbackUrl,
    source: script.url ? "the page" : "the page's policy",
  };
}

/** The page's own file, which it needs for a call beside the SDK's; undefined: no answer names it. */
export async function callFileRow(answer: Answer): Promise<Row | undefined> {
  const { url = allowedFiles(answer).find((one) => CALL_FILE.test(one)), integrity } = scriptOf(
    answer,
    "call-part",
  );
  if (url === undefined) return undefined;
  const { findings, ms } = await probeSdk(url, integrity);
  // Packing is the platform's; everything else the function says by itself.
  const bad = findings.find((one) => !one.good && one.check !== "compression");
  return judged(
    "call file",
    bad === undefined,
    bad ? `${bad.check}: ${bad.found}` : url,
    "what stands before the function must hand on /files/ as it is; else deploy the function again",
    ms,
  );
}

/** The hash of a file by its name, where this checkout's manifest knows it. */
export function knownIntegrity(url: string): string | undefined {
  const name = new URL(url).pathname.split("/").at(-1);
  return SDK_FILES.find((one) => one.file === name)?.integrity;
}

const NAMES = {
  reachable: "SDK",
  hash: "SDK hash",
  type: "SDK type",
  cors: "SDK CORS",
  caching: "SDK caching",
  compression: "SDK packed",
} as const;

/** The rows of the SDK file. */
export async function sdkRows(reference: SdkReference): Promise<readonly Row[]> {
  const { url, integrity, fallbackUrl, source } = reference;
  const probe = await probeSdk(url, integrity);
  const rows: Row[] = probe.findings.map((one) =>
    judged(
      NAMES[one.check],
      one.good,
      one.check === "reachable"
        ? `${one.found}${probe.edge ? ` by ${probe.edge}` : ""}; ${url} (from ${source})`
        : one.found,
      one.remedy,
      one.check === "reachable" ? probe.ms : null,
    )
  );
  if (integrity === undefined && rows.length > 1) {
    rows.splice(
      1,
      0,
      skipped(
        NAMES.hash,
        "this checkout does not know the file",
        "give --integrity, or --pass-url",
      ),
    );
  }
  if (fallbackUrl !== undefined) rows.push(await fallbackRow(fallbackUrl, integrity));
  return rows;
}

async function fallbackRow(url: string, integrity: string | undefined): Promise<Row> {
  const { findings, ms } = await probeSdk(url, integrity);
  // It is for emergencies: that it comes, whole and readable, is enough.
  const bad = findings.find((one) =>
    !one.good && ["reachable", "hash", "type", "cors"].includes(one.check)
  );
  return judged(
    "SDK fallback",
    bad === undefined,
    bad ? `${bad.check}: ${bad.found}` : url,
    "publish the same bytes there, or unset CHIME_SDK_FALLBACK_URL",
    ms,
  );
}
