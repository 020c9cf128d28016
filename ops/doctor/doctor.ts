import { conclude, usage } from "../failure.ts";
import { terminal, type World } from "../world.ts";
import { parseArgs } from "node:util";
import { type Answer, ask, Silence, withoutQuery } from "./ask.ts";
import { addressRow, headersRow, pageRow, policyRow, settingsRow } from "./page_checks.ts";
import { judged, type Row, skipped, tableLines } from "./row.ts";
import {
  callFileRow,
  knownIntegrity,
  type SdkReference,
  sdkReference,
  sdkRows,
} from "./sdk_checks.ts";
import { clockRow, mediaRegionRow, priceClassRow } from "./surroundings.ts";
import { tokensRow } from "./token_checks.ts";

const HELP = `deno task doctor <page url> [options]

Looks at a deployment from outside, as people's phones meet it, and prints one table; below each fault
stands what to do. The page url is where people reach the function, e.g.
https://visit.example.org/functions/v1/chime-page, with or without an appointment's id.

With no credential it sees what strangers see, and that is enough for all rows but "visit". A bearer
in CHIME_PAGE_BEARER (with an appointment's id in the url) or a single-use link opens the real page.

  --pass-url <link>     a person's single-use link; it is spent by this
  --sdk-url <url>       the SDK file, if it can't be learned from the page
  --integrity <sri>     its hash, sha384-…
  --distribution <id>   the CDN's distribution, if its address does not tell
  --nearest-region-url <url>   who is asked for the nearest media region
  --json                one JSON text in place of the table
  --help                this text

Exit code: 0 all in order, 1 at least one fault, 2 the command line was not understood.`;

const NEAREST_REGION = "https://nearest-media-region.l.chime.aws";

/** What the command line asked for. */
interface Patient {
  /** `…/chime-page/<appointment id>`; a made-up id where none was given. */
  readonly url: URL;
  readonly passUrl: string | undefined;
  readonly bearer: string | undefined;
  readonly sdk: SdkReference | undefined;
  readonly distribution: string | undefined;
  readonly nearestRegionUrl: string;
}

/** `deno task doctor`. Answers the exit code: 1 if any row is a fault. */
export async function doctor(
  args: readonly string[],
  world: World,
  now: () => Date = () => new Date(),
): Promise<number> {
  let faults = 0;
  const code = await conclude(world, async () => {
    const read = readCommandLine(args, world);
    if (read === "help") return world.print(HELP);
    const { patient, json } = read;
    const rows = await examine(patient, world, now);
    faults = rows.filter((row) => row.state === "fault").length;
    const { origin, pathname } = patient.url;
    if (json) {
      return world.print(JSON.stringify({ url: origin + pathname, ok: faults === 0, rows }));
    }
    for (const line of tableLines(rows)) world.print(line);
    world.print(faults === 0 ? "\nin order" : `\n${faults} fault${faults === 1 ? "" : "s"}`);
  });
  return code === 0 && faults > 0 ? 1 : code;
}

function readCommandLine(
  args: readonly string[],
  world: World,
): "help" | { readonly patient: Patient; readonly json: boolean } {
  const { values, positionals } = parse(args);
  if (values.help) return "help";
  const [given, ...rest] = positionals;
  if (given === undefined || rest.length > 0) throw usage("It takes one page url");
  if (!URL.canParse(given)) throw usage(`Cannot read the page url ${withoutQuery(given)}`);
  const url = new URL(given);
  const passUrl = values["pass-url"] ?? (url.searchParams.has("pass") ? url.href : undefined);
  url.search = "";
  const path = /^(.*\/chime-page)(?:\/([0-9a-f-]{36}))?\/?$/i.exec(url.pathname);
  if (!path) {
    throw usage("Cannot read the page url: its path ends in /chime-page or an appointment");
  }
  url.pathname = `${path[1]}/${path[2] ?? crypto.randomUUID()}`;
  const sdkUrl = values["sdk-url"];
  return {
    json: values.json,
    patient: {
      url,
      passUrl,
      bearer: world.env("CHIME_PAGE_BEARER"),
      sdk: sdkUrl === undefined ? undefined : {
        url: sdkUrl,
        integrity: values.integrity ?? knownIntegrity(sdkUrl),
        fallbackUrl: undefined,
        source: "--sdk-url",
      },
      distribution: values.distribution,
      nearestRegionUrl: values["nearest-region-url"],
    },
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        "pass-url": { type: "string" },
        "sdk-url": { type: "string" },
        integrity: { type: "string" },
        distribution: { type: "string" },
        "nearest-region-url": { type: "string", default: NEAREST_REGION },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
}

/** Everything that can be seen, in the order in which a visit needs it. */
async function examine(patient: Patient, world: World, now: () => Date): Promise<readonly Row[]> {
  const { url } = patient;
  const rows: Row[] = [];
  const healthUrl = `${url.origin}${url.pathname.replace(/[^/]+$/, "health")}`;
  try {
    rows.push(settingsRow(await ask(healthUrl)));
    const page = await ask(patient.passUrl ?? url.href, {
      headers: {
        Accept: "text/html",
        ...(patient.bearer && !patient.passUrl
          ? { Authorization: `Bearer ${patient.bearer}` }
          : {}),
      },
    });
    const asked = now();
    rows.push(pageRow(page), policyRow(page), headersRow(page), addressRow(page, url));
    rows.push(await tokensRow(url, now()), visitRow(page, patient));
    // A page that may not be seen still says in its policy which files it would load.
    const named = sdkReference(page) ? page : await ask(url.href, { method: "HEAD" });
    const callFile = await callFileRow(named);
    if (callFile) rows.push(callFile);
    const sdk = patient.sdk ?? sdkReference(named);
    if (sdk === undefined) {
      rows.push(skipped("SDK", "no answer names the file", "give --sdk-url, or --pass-url"));
    } else {
      rows.push(
        ...await sdkRows(sdk),
        await priceClassRow(sdk.url, patient.distribution, world),
      );
    }
    rows.push(clockRow(page.headers.get("date"), asked));
    rows.push(await mediaRegionRow(patient.nearestRegionUrl, mediaRegionOf(page)));
  } catch (error) {
    if (!(error instanceof Silence)) throw error;
    rows.push(
      judged(
        "reachable",
        false,
        `${url.origin}: ${error.message}`,
        "check the address and the network",
      ),
    );
  }
  return rows;
}

/** What the page of a real person shows; skipped without a credential. */
function visitRow({ status, text }: Answer, { passUrl, bearer }: Patient): Row {
  if (!passUrl && !bearer) {
    return skipped("visit", "no credential", "set CHIME_PAGE_BEARER, or give --pass-url");
  }
  const data = visitData(text);
  return judged(
    "visit",
    status === 200 && data !== undefined,
    data ? `${status}, ${data.state}, as ${data.self?.role}` : `${status}, a problem page`,
    "the page says why to the person; the function's log has the same with its reason",
  );
}

function mediaRegionOf({ text }: Answer): string | undefined {
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
