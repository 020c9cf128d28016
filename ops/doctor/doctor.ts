import { conclude, usage } from "../failure.ts";
import { type Dependencies, terminal } from "../dependencies.ts";
import { readOptions } from "../options.ts";
import { NoResponse, request, type TimedResponse, withoutQuery } from "../request.ts";
import {
  checkAddress,
  checkHeaders,
  checkPage,
  checkPolicy,
  checkSettings,
} from "./page_checks.ts";
import { type CheckResult, result, skipped, tableLines } from "./check_result.ts";
import {
  checkBundles,
  checkSdkFile,
  knownIntegrity,
  type SdkReference,
  sdkReference,
} from "./sdk_checks.ts";
import { checkClock, checkMediaRegion, checkPriceClass } from "./environment_checks.ts";
import { checkTokens } from "./token_checks.ts";
import { checkViews } from "./view_checks.ts";
import { referenceOf } from "../../supabase/functions/chime-page/page/reference.ts";

const HELP = `deno task doctor <page url> [options]

Checks a deployment from outside, as a phone sees it, and prints one table; each fault comes with a
remedy. The page url is where people reach the function, e.g.
https://visit.example.org/functions/v1/chime-page, with or without an appointment's id.

Without a credential it sees what strangers see, which is enough for every check but "visit" and "views". A bearer
token in CHIME_PAGE_BEARER (with an appointment's id in the url) or a single-use link opens the real
page. With the database's connection string in SUPABASE_DB_URL, it also checks the rows of your
views.

  --pass-url <link>     a person's single-use link; this uses it up
  --sdk-url <url>       address of the SDK file, if the page does not tell
  --integrity <sri>     its hash, sha384-…
  --distribution <id>   the CDN's distribution, if its address does not tell
  --nearest-region-url <url>   service that names the nearest media region
  --json                print JSON instead of the table
  --help                print this text

Exit code: 0 no fault, 1 at least one fault, 2 wrong usage.`;

const NEAREST_REGION = "https://nearest-media-region.l.chime.aws";

type Target = NonNullable<ReturnType<typeof readTarget>>;

/** `deno task doctor`. Returns the exit code: 1 if any check finds a fault. */
export async function doctor(
  args: readonly string[],
  dependencies: Dependencies,
): Promise<number> {
  let faults = 0;
  const code = await conclude(dependencies, async () => {
    const target = readTarget(args, dependencies);
    if (target === undefined) return dependencies.print(HELP);
    const results = await runChecks(target, dependencies);
    faults = results.filter(({ state }) => state === "fault").length;
    const { origin, pathname } = target.url;
    if (target.json) {
      return dependencies.print(
        JSON.stringify({ url: origin + pathname, ok: faults === 0, rows: results }),
      );
    }
    for (const line of tableLines(results)) dependencies.print(line);
    dependencies.print(faults === 0 ? "\nin order" : `\n${faults} fault${faults === 1 ? "" : "s"}`);
  });
  return code === 0 && faults > 0 ? 1 : code;
}

/** Reads the command line; undefined where it asks for help. */
function readTarget(args: readonly string[], dependencies: Dependencies) {
  const values = readOptions(args, {
    "pass-url": { type: "string" },
    "sdk-url": { type: "string" },
    integrity: { type: "string" },
    distribution: { type: "string" },
    "nearest-region-url": { type: "string", default: NEAREST_REGION },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  }, true);
  if (values.help) return undefined;
  const [given, ...rest] = values.positionals;
  if (given === undefined || rest.length > 0) throw usage("Give one page url");
  if (!URL.canParse(given)) throw usage(`The page url is not a URL: ${withoutQuery(given)}`);
  const url = new URL(given);
  const passUrl = values["pass-url"] ?? (url.searchParams.has("pass") ? url.href : undefined);
  url.search = "";
  const path = /^(.*\/chime-page)(?:\/([0-9a-f-]{36}))?\/?$/i.exec(url.pathname);
  if (!path) {
    throw usage("The path of the page url must end in /chime-page or an appointment's id");
  }
  url.pathname = `${path[1]}/${path[2] ?? crypto.randomUUID()}`;
  const sdkUrl = values["sdk-url"];
  const sdk: SdkReference | undefined = sdkUrl === undefined ? undefined : {
    url: sdkUrl,
    integrity: values.integrity ?? knownIntegrity(sdkUrl),
    fallbackUrl: undefined,
    source: "--sdk-url",
  };
  return {
    json: values.json,
    /** `…/chime-page/<appointment id>`; a random id where none was given. */
    url,
    passUrl,
    bearer: dependencies.env("CHIME_PAGE_BEARER"),
    sdk,
    distribution: values.distribution,
    nearestRegionUrl: values["nearest-region-url"],
  };
}

/** Makes every check, in the order in which a visit needs what is checked. */
async function runChecks(
  target: Target,
  dependencies: Dependencies,
): Promise<readonly CheckResult[]> {
  const { url } = target;
  const results: CheckResult[] = [];
  const healthUrl = `${url.origin}${url.pathname.replace(/[^/]+$/, "health")}`;
  try {
    results.push(checkSettings(await request(healthUrl)));
    const page = await request(target.passUrl ?? url.href, {
      headers: {
        Accept: "text/html",
        ...(target.bearer && !target.passUrl ? { Authorization: `Bearer ${target.bearer}` } : {}),
      },
    });
    const requestedAt = new Date();
    results.push(checkPage(page), checkPolicy(page), checkHeaders(page), checkAddress(page, url));
    results.push(await checkTokens(url), checkVisit(page, target));
    // A page that we may not see still names the files that it would load in its policy.
    const named = sdkReference(page) ? page : await request(url.href, { method: "HEAD" });
    results.push(...await checkBundles(named));
    const sdk = target.sdk ?? sdkReference(named);
    if (sdk === undefined) {
      results.push(skipped("SDK", "no response names the file", "give --sdk-url, or --pass-url"));
    } else {
      results.push(
        ...await checkSdkFile(sdk),
        await checkPriceClass(sdk.url, target.distribution, dependencies),
      );
    }
    results.push(checkClock(page.headers.get("date"), requestedAt));
    results.push(await checkMediaRegion(target.nearestRegionUrl, mediaRegionOf(page)));
  } catch (error) {
    if (!(error instanceof NoResponse)) throw error;
    results.push(
      result(
        "reachable",
        false,
        `${url.origin}: ${error.message}`,
        "check the address and the network",
      ),
    );
  }
  results.push(...await checkViews(dependencies.env("SUPABASE_DB_URL")));
  return results;
}

/** Whether a real person gets their page; skipped without a credential. */
function checkVisit(
  { status, headers, text }: TimedResponse,
  { passUrl, bearer }: Target,
): CheckResult {
  if (!passUrl && !bearer) {
    return skipped("visit", "no credential", "set CHIME_PAGE_BEARER, or give --pass-url");
  }
  const data = visitData(text);
  const reference = referenceOf(headers.get("x-request-id") ?? "");
  return result(
    "visit",
    status === 200 && data !== undefined,
    data
      ? `${status}, ${data.state}, as ${data.self?.role}`
      : `${status}, a problem page, reference ${reference}`,
    "the page tells the person why; the function's log has the same reference, with the reason",
  );
}

function mediaRegionOf({ text }: TimedResponse): string | undefined {
  return visitData(text)?.join?.meeting?.MediaRegion;
}

function visitData(html: string) {
  const block = /<script type="application\/json" id="visit-data">(.*?)<\/script>/s.exec(html)?.[1];
  if (block === undefined) return undefined;
  try {
    return JSON.parse(block) as {
      readonly state?: string;
      readonly self?: { readonly role?: string };
      readonly join?: { readonly meeting?: { readonly MediaRegion?: string } };
    };
  } catch {
    return undefined;
  }
}

if (import.meta.main) Deno.exit(await doctor(Deno.args, terminal()));
