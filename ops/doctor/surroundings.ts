import { CloudFrontClient, paginateListDistributions } from "@aws-sdk/client-cloudfront";
import { configuration } from "../clients.ts";
import { asFailure } from "../failure.ts";
import type { World } from "../world.ts";
import { ask, Silence } from "./ask.ts";
import { judged, type Row, skipped } from "./row.ts";

/** Classes with edges in Lagos, Nairobi, Johannesburg, Cape Town, Cairo. */
const AFRICAN = ["PriceClass_All", "PriceClass_200"];

/** Whether the distribution of the SDK file has edges in Africa; needs a key that may list it. */
export async function priceClassRow(
  sdkUrl: string,
  distributionId: string | undefined,
  world: World,
): Promise<Row> {
  const check = "African edges";
  const credentials = world.env("AWS_ACCESS_KEY_ID") ?? world.env("AWS_PROFILE");
  if (!credentials) {
    return skipped(
      check,
      "no AWS credentials",
      "set AWS_PROFILE to a key with cloudfront:ListDistributions",
    );
  }
  const began = performance.now();
  const host = new URL(sdkUrl).hostname;
  try {
    const client = new CloudFrontClient({ ...configuration("us-east-1", world), maxAttempts: 2 });
    for await (const page of paginateListDistributions({ client }, {})) {
      for (const one of page.DistributionList?.Items ?? []) {
        const names = [one.DomainName, ...one.Aliases?.Items ?? []];
        if (distributionId ? one.Id !== distributionId : !names.includes(host)) continue;
        return judged(
          check,
          AFRICAN.includes(one.PriceClass ?? ""),
          `${one.PriceClass} (${one.Id})`,
          "set PriceClass_All: deno task cdn:deploy",
          performance.now() - began,
        );
      }
    }
    return skipped(
      check,
      `no distribution of this account serves ${host}`,
      "name it: --distribution <id>",
    );
  } catch (error) {
    const { message, remedy } = asFailure(error);
    return skipped(check, message, remedy);
  }
}

/** More than this and signatures, links and the join window begin to disagree. */
const SKEW_SECONDS = 60;

/**
 * Whether this machine and the function agree on the time. The CDN is not asked: a cached answer
 * carries the time at which it was cached.
 */
export function clockRow(date: string | null, now: Date): Row {
  const at = Date.parse(date ?? "");
  if (Number.isNaN(at)) return skipped("clock", "the function did not tell the time", "");
  const seconds = Math.round((at - now.getTime()) / 1000);
  return judged(
    "clock",
    Math.abs(seconds) <= SKEW_SECONDS,
    `the function is ${seconds >= 0 ? "+" : ""}${seconds} s from this machine`,
    "set this machine's clock (NTP); if it is right, the function's is wrong: tell the platform",
  );
}

/** Which media region is nearest to where this runs, beside the one the page's meeting is in. */
export async function mediaRegionRow(endpoint: string, used: string | undefined): Promise<Row> {
  const check = "media region";
  try {
    const { text, ms } = await ask(endpoint);
    const region = (JSON.parse(text) as { region?: unknown }).region;
    if (typeof region !== "string") throw new Silence("it named no region");
    if (used === undefined) {
      return { check, state: "ok", found: `${region} is nearest to this machine`, remedy: "", ms };
    }
    return region === used
      ? { check, state: "ok", found: `${used}, the nearest to this machine`, remedy: "", ms }
      : {
        check,
        state: "note",
        found: `the meeting is in ${used}; ${region} is nearest to this machine`,
        remedy: `if your people are where this machine is, set CHIME_MEDIA_REGION=${region}`,
        ms,
      };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return skipped(
      check,
      `${new URL(endpoint).host} can't be asked: ${why}`,
      "run it where the network lets it out",
    );
  }
}
