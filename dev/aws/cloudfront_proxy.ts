import type { LocalServer } from "../local_server.ts";
import { type DistributionConfig, startDistribution } from "./distribution.ts";
import { resolveTemplate } from "./resolve.ts";
import { parseTemplate } from "./template.ts";

const STACKS = new URL("../../ops/stacks/", import.meta.url);
const HOST = "project.supabase.co";

/**
 * Starts only the CloudFront proxy: the distribution of `ops/stacks/sdk.yaml` and the
 * `cloudfront_proxy.js` that is deployed. Its bucket is empty.
 * @param options.origin URL of the project behind it
 * @param options.secret the function's `CHIME_PAGE_FRONT_SECRET`
 */
export async function startCloudFrontProxy(
  { origin, secret }: { readonly origin: string; readonly secret: string },
): Promise<LocalServer> {
  const [template, code] = await Promise.all([
    Deno.readTextFile(new URL("sdk.yaml", STACKS)),
    Deno.readTextFile(new URL("cloudfront_proxy.js", STACKS)),
  ]);
  const { resources } = resolveTemplate(
    parseTemplate(template),
    { FrontOriginDomain: HOST, FrontSecret: secret, FrontFunctionCode: code },
    { stackName: "front", region: "eu-central-1", accountId: "000000000000", stackId: "front" },
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
