import { parseTemplate } from "./template.ts";
import { resolveTemplate } from "./resolve.ts";
import { type Distribution, type DistributionConfig, startDistribution } from "./distribution.ts";

/** Options of {@link startCloudFrontProxy}. */
export interface CloudFrontProxyOptions {
  /** The project behind it, e.g. the local gateway's URL. */
  readonly origin: string;
  /** The same text as the function's `CHIME_PAGE_FRONT_SECRET`. */
  readonly secret: string;
}

const STACKS = new URL("../../ops/stacks/", import.meta.url);
const HOST = "project.supabase.co";

/**
 * Starts the CloudFront proxy alone: the distribution of `ops/stacks/sdk.yaml` with the parameters of
 * the proxy, and the same `cloudfront_proxy.js` that is deployed. Its bucket is empty.
 */
export async function startCloudFrontProxy(
  { origin, secret }: CloudFrontProxyOptions,
): Promise<Distribution> {
  const [template, code] = await Promise.all([
    Deno.readTextFile(new URL("sdk.yaml", STACKS)),
    Deno.readTextFile(new URL("cloudfront_proxy.js", STACKS)),
  ]);
  const { resources } = resolveTemplate(
    parseTemplate(template),
    { FrontOriginDomain: HOST, FrontSecret: secret, FrontFunctionCode: code },
    { stackName: "front", region: "eu-central-1", accountId: "000000000000" },
  );
  const config = resources.find((one) => one.type === "AWS::CloudFront::Distribution")
    ?.properties["DistributionConfig"] as unknown as DistributionConfig;
  const functionCode = resources.find((one) => one.type === "AWS::CloudFront::Function")
    ?.properties["FunctionCode"];
  return startDistribution({
    config: () => config,
    object: () => undefined,
    headersPolicy: () => undefined,
    functionCode: () => String(functionCode),
    customOrigin: () => origin,
  });
}
