/** How each rule of a template is broken on purpose, to show that it can fail. */
import assert from "node:assert/strict";

export type Open = Record<string, unknown>;
export type Break = (
  resources: Record<string, { Properties: Open } & Open>,
  template: Open,
) => void;

/** Sets `path` under the root to a value; `undefined` removes it. */
function put(root: unknown, path: string, value: unknown): void {
  const names = path.split(".");
  const last = names.pop() ?? "";
  const parent = names.reduce<Open>((node, name) => {
    const next = node[name];
    assert.ok(next !== undefined, `nothing at ${path}`);
    return next as Open;
  }, root as Open);
  assert.ok(last in parent, `nothing at ${path}`);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
}

const set = (path: string, value: unknown): Break => (resources) => put(resources, path, value);
const config = (path: string, value: unknown) =>
  set(`Distribution.Properties.DistributionConfig.${path}`, value);
const policy = (sid: string): Break => (resources) => {
  const document = resources["SdkBucketPolicy"]?.Properties["PolicyDocument"] as {
    Statement: { Sid: string }[];
  };
  const without = document.Statement.filter((one) => one.Sid !== sid);
  assert.equal(without.length, document.Statement.length - 1, sid);
  document.Statement = without;
};
const PROXY_BEHAVIOUR = "CacheBehaviors.Fn::If.1.0";

/** How each rule of the SDK's stack is broken on purpose, one way for each thing it checks. */
export const SDK_BREAKS: Record<string, readonly Break[]> = {
  "no Origin Access Identity, and Origin Access Control signs every request": [
    config("Origins.0.OriginAccessControlId", undefined),
    set("SdkAccess.Properties.OriginAccessControlConfig.SigningBehavior", "never"),
    (r) =>
      void (r["Old"] = {
        Type: "AWS::CloudFront::CloudFrontOriginAccessIdentity",
        Properties: {},
      }),
  ],
  "the price class includes African edge locations": [
    config("PriceClass", "PriceClass_100"),
    config("PriceClass", undefined),
  ],
  "every behaviour's origin exists": [
    config("DefaultCacheBehavior.TargetOriginId", "S3Origin"),
    config(`${PROXY_BEHAVIOUR}.TargetOriginId`, "fron"),
  ],
  "only this distribution may read the bucket": [
    policy("OnlyThisDistributionReads"),
    set("SdkBucketPolicy.Properties.PolicyDocument.Statement.0.Condition", undefined),
    set("SdkBucketPolicy.Properties.PolicyDocument.Statement.1.Effect", "Allow"),
  ],
  "the bucket accepts only TLS": [policy("OnlyByTls")],
  "a file is written once and never deleted": [policy("WrittenOnce"), policy("NeverDeleted")],
  "the bucket is private, versioned, and has one owner": [
    set("SdkBucket.Properties.PublicAccessBlockConfiguration.BlockPublicPolicy", false),
    set("SdkBucket.Properties.OwnershipControls", undefined),
    set("SdkBucket.Properties.VersioningConfiguration", undefined),
    (r) => void (r["SdkBucket"]!.Properties["LifecycleConfiguration"] = {}), // it is there: see sdk.yaml
  ],
  "the bucket outlives its stack": [
    set("SdkBucket.DeletionPolicy", undefined),
    set("SdkBucket.UpdateReplacePolicy", "Delete"),
  ],
  "no error page replaces responses of the whole distribution": [
    (r) => {
      const properties = r["Distribution"]?.Properties["DistributionConfig"] as Open;
      properties["CustomErrorResponses"] = [{ ErrorCode: 404 }];
    },
  ],
  "the SDK file's responses have CORS, nosniff and HSTS, and no CSP": [
    config("DefaultCacheBehavior.ResponseHeadersPolicyId", undefined),
    set("SdkHeaders.Properties.ResponseHeadersPolicyConfig.CorsConfig", undefined),
    set("SdkHeaders.Properties.ResponseHeadersPolicyConfig.CorsConfig.OriginOverride", false),
    set(
      "SdkHeaders.Properties.ResponseHeadersPolicyConfig.SecurityHeadersConfig.ContentTypeOptions",
      undefined,
    ),
    set(
      "SdkHeaders.Properties.ResponseHeadersPolicyConfig.SecurityHeadersConfig.ContentTypeOptions",
      { ContentSecurityPolicy: "default-src 'self'" },
    ),
  ],
  "the SDK file is compressed, cached, and served over HTTP/3": [
    config("DefaultCacheBehavior.Compress", false),
    config("DefaultCacheBehavior.CachePolicyId", "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"),
    config("HttpVersion", "http2"),
  ],
  "a custom domain's certificate must be in us-east-1": [
    (_, template) => put(template, "Parameters.CertificateArn.AllowedPattern", ".*"),
  ],
  "alarms are not in this stack, which may be in any region": [
    (r) => void (r["Errors"] = { Type: "AWS::CloudWatch::Alarm", Properties: {} }),
  ],
  "the CloudFront proxy forwards everything and restores every response": [
    config(`${PROXY_BEHAVIOUR}.CachePolicyId`, "658327ea-f89d-4fab-a63d-7e88639e58f6"),
    config(`${PROXY_BEHAVIOUR}.OriginRequestPolicyId`, undefined),
    config(`${PROXY_BEHAVIOUR}.AllowedMethods`, ["GET", "HEAD"]),
    config(`${PROXY_BEHAVIOUR}.ViewerProtocolPolicy`, "allow-all"),
    config(`${PROXY_BEHAVIOUR}.FunctionAssociations`, undefined),
  ],
  "the CloudFront proxy's secret is never shown": [
    (_, template) => put(template, "Parameters.FrontSecret.NoEcho", undefined),
  ],
};

export const ALARM_BREAKS: Record<string, readonly Break[]> = {
  "every alarm names the distribution and Region=Global": [
    set("ServerErrors.Properties.Dimensions.1.Value", "us-east-1"),
    set("ClientErrors.Properties.Dimensions", [{ Name: "Region", Value: "Global" }]),
    set("FrontExecutionErrors.Properties.Dimensions", []),
  ],
  "every alarm handles missing data and notifies somebody": [
    set("ServerErrors.Properties.TreatMissingData", undefined),
    set("ClientErrors.Properties.AlarmActions", undefined),
  ],
  "5xx, 4xx and both failures of the CloudFront proxy's function are watched": [
    (r) => void delete r["ServerErrors"],
    (r) => void delete r["FrontValidationErrors"],
  ],
  "the stack is refused outside us-east-1": [(_, template) => put(template, "Rules", undefined)],
  "logs contain no personal field": [
    set("LogDelivery.Properties.RecordFields", undefined),
    ...["c-ip", "cs-uri-query", "cs(Cookie)", "cs(Referer)", "cs(User-Agent)", "x-forwarded-for"]
      .map((field) => set("LogDelivery.Properties.RecordFields.0", field)),
  ],
  "with the CloudFront proxy, logs contain no path, which has an appointment's id": [
    set("LogDelivery.Properties.RecordFields.4", "cs-uri-stem"),
  ],
};
