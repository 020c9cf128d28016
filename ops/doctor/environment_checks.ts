import { CloudFrontClient, paginateListDistributions } from "@aws-sdk/client-cloudfront";
import { configuration } from "../clients.ts";
import { asFailure } from "../failure.ts";
import type { Dependencies } from "../dependencies.ts";
import { NoResponse, request } from "../request.ts";
import { type CheckResult, result, skipped } from "./check_result.ts";

/** Price classes with edge locations in Lagos, Nairobi, Johannesburg, Cape Town, Cairo. */
const AFRICAN = ["PriceClass_All", "PriceClass_200"];

/** Whether the SDK file's distribution has edge locations in Africa; needs AWS credentials. */
export async function checkPriceClass(
  sdkUrl: string,
  distributionId: string | undefined,
  dependencies: Dependencies,
): Promise<CheckResult> {
  const check = "African edges";
  const credentials = dependencies.env("AWS_ACCESS_KEY_ID") ?? dependencies.env("AWS_PROFILE");
  if (!credentials) {
    return skipped(
      check,
      "no AWS credentials",
      "set AWS_PROFILE to a key that may cloudfront:ListDistributions",
    );
  }
  const began = performance.now();
  const host = new URL(sdkUrl).hostname;
  try {
    const client = new CloudFrontClient({
      ...configuration("us-east-1", dependencies),
      maxAttempts: 2,
    });
    for await (const page of paginateListDistributions({ client }, {})) {
      for (const one of page.DistributionList?.Items ?? []) {
        const names = [one.DomainName, ...one.Aliases?.Items ?? []];
        if (distributionId ? one.Id !== distributionId : !names.includes(host)) continue;
        return result(
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
      "give its id: --distribution <id>",
    );
  } catch (error) {
    const { message, remedy } = asFailure(error);
    return skipped(check, message, remedy);
  }
}

/** A larger difference affects signatures, links and the join window. */
const SKEW_SECONDS = 60;

/**
 * Whether this machine and the function agree on the time. The CDN's header does not help: a cached
 * response has the time at which it was cached.
 * @param date `Date` header of the function's response
 */
export function checkClock(date: string | null, now: Date): CheckResult {
  const at = Date.parse(date ?? "");
  if (Number.isNaN(at)) return skipped("clock", "the response has no Date header", "");
  const seconds = Math.round((at - now.getTime()) / 1000);
  return result(
    "clock",
    Math.abs(seconds) <= SKEW_SECONDS,
    `the function is ${seconds >= 0 ? "+" : ""}${seconds} s from this machine`,
    "set this machine's clock (NTP); if it is right, the function's is wrong: tell Supabase",
  );
}

/** Compares the media region nearest to this machine with the one that the meeting is in. */
export async function checkMediaRegion(
  endpoint: string,
  used: string | undefined,
): Promise<CheckResult> {
  const check = "media region";
  try {
    const { text, ms } = await request(endpoint);
    const region = (JSON.parse(text) as { region?: unknown }).region;
    if (typeof region !== "string") throw new NoResponse("it named no region");
    if (used === undefined || used === region) {
      const found = used === undefined ? `${region} is nearest` : `${used}, the nearest`;
      return result(check, true, `${found} to this machine`, "", ms);
    }
    return {
      check,
      state: "note",
      found: `the meeting is in ${used}; ${region} is nearest to this machine`,
      remedy: `if people are near this machine, set CHIME_MEDIA_REGION=${region}`,
      ms,
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return skipped(
      check,
      `no answer from ${new URL(endpoint).host}: ${why}`,
      "run the doctor where this address can be reached",
    );
  }
}
