import type { Json, Template } from "../../dev/aws/template.ts";
import { at, branches, fault, of, type TemplateRule, text } from "./template_rules.ts";

const COMPRESSING_CACHE = "658327ea-f89d-4fab-a63d-7e88639e58f6";
const NO_CACHE = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
const ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac";

/** Rules of the stack with the SDK file and the distribution. */
export const SDK_RULES: Readonly<Record<string, TemplateRule>> = {
  "no Origin Access Identity, and Origin Access Control signs every request": (t) => {
    const s3 = branches(at(distribution(t), "Origins")).filter((one) => at(one, "S3OriginConfig"));
    const access = of(t, "CloudFront::OriginAccessControl").map(([, p]) =>
      at(p, "OriginAccessControlConfig")
    );
    return [
      ...fault(
        of(t, "CloudFront::CloudFrontOriginAccessIdentity").length === 0,
        "it has an Origin Access Identity",
      ),
      ...fault(
        s3.length > 0 && s3.every((one) => at(one, "OriginAccessControlId")),
        "an S3 origin has no OriginAccessControlId",
      ),
      ...fault(
        access.length > 0 &&
          access.every((one) =>
            at(one, "OriginAccessControlOriginType") === "s3" &&
            at(one, "SigningBehavior") === "always" && at(one, "SigningProtocol") === "sigv4"
          ),
        "no Origin Access Control that always signs",
      ),
    ];
  },
  "the price class includes African edge locations": (t) =>
    fault(at(distribution(t), "PriceClass") === "PriceClass_All", "it is not PriceClass_All"),
  "every behaviour's origin exists": (t) => {
    const ids = branches(at(distribution(t), "Origins")).map((one) => at(one, "Id"));
    const targets = [
      at(distribution(t), "DefaultCacheBehavior", "TargetOriginId"),
      ...branches(at(distribution(t), "CacheBehaviors")).map((one) => at(one, "TargetOriginId")),
    ];
    return targets.filter((one) => !ids.includes(one as Json)).map((one) => `no origin ${one}`);
  },
  "only this distribution may read the bucket": (t) =>
    fault(
      statements(t).some((one) =>
        at(one, "Effect") === "Allow" &&
        at(one, "Principal", "Service") === "cloudfront.amazonaws.com" &&
        at(one, "Action") === "s3:GetObject" &&
        /distribution\/\$\{\w+\}/.test(text(at(one, "Condition", "StringEquals", "AWS:SourceArn")))
      ) && statements(t).filter((one) => at(one, "Effect") === "Allow").length === 1,
      "no statement for CloudFront with AWS:SourceArn, or others beside it",
    ),
  "the bucket accepts only TLS": (t) =>
    fault(
      statements(t).some((one) =>
        at(one, "Effect") === "Deny" && at(one, "Principal") === "*" &&
        at(one, "Condition", "Bool", "aws:SecureTransport") === "false"
      ),
      "no denial without TLS",
    ),
  "a file is written once and never deleted": (t) => {
    const denials = statements(t).filter((one) =>
      at(one, "Effect") === "Deny" && at(one, "Principal") === "*"
    );
    return [
      ...fault(
        denials.some((one) =>
          at(one, "Action") === "s3:PutObject" &&
          at(one, "Condition", "Null", "s3:if-none-match") === "true"
        ),
        "writing needs no condition",
      ),
      ...fault(
        denials.some((one) =>
          /s3:DeleteObject"/.test(text(at(one, "Action"))) &&
          !at(one, "Condition")
        ),
        "deleting is not denied",
      ),
    ];
  },
  "the bucket is private, versioned, and has one owner": (t) => {
    const bucket = of(t, "S3::Bucket")[0]?.[1];
    const block = at(bucket, "PublicAccessBlockConfiguration");
    const blocked = [
      "BlockPublicAcls",
      "BlockPublicPolicy",
      "IgnorePublicAcls",
      "RestrictPublicBuckets",
    ].every((name) => at(block, name) === true);
    return [
      ...fault(blocked, "public access is not blocked"),
      ...fault(
        text(at(bucket, "OwnershipControls")).includes("BucketOwnerEnforced"),
        "it is not BucketOwnerEnforced",
      ),
      ...fault(
        at(bucket, "VersioningConfiguration", "Status") === "Enabled",
        "it keeps no versions",
      ),
      ...fault(!at(bucket, "LifecycleConfiguration"), "a lifecycle rule deletes files"),
    ];
  },
  "the bucket outlives its stack": (t) =>
    Object.values(t.Resources).filter((one) => one.Type === "AWS::S3::Bucket").flatMap((one) =>
      fault(
        one.DeletionPolicy === "Retain" && one.UpdateReplacePolicy === "Retain",
        "it is not retained",
      )
    ),
  "no error page replaces responses of the whole distribution": (t) =>
    fault(!at(distribution(t), "CustomErrorResponses"), "it has CustomErrorResponses"),
  "the SDK file's responses have CORS, nosniff and HSTS, and no CSP": (t) => {
    const attached = at(distribution(t), "DefaultCacheBehavior", "ResponseHeadersPolicyId", "Ref");
    const policies = of(t, "CloudFront::ResponseHeadersPolicy");
    const policy = at(
      policies.find(([id]) => id === attached)?.[1],
      "ResponseHeadersPolicyConfig",
    );
    const cors = at(policy, "CorsConfig");
    return [
      ...fault(
        at(cors, "OriginOverride") === true &&
          text(at(cors, "AccessControlAllowOrigins", "Items")) === '["*"]',
        "no CORS policy of this template is attached to the SDK's behaviour",
      ),
      ...fault(
        Boolean(at(policy, "SecurityHeadersConfig", "ContentTypeOptions")) &&
          Boolean(at(policy, "SecurityHeadersConfig", "StrictTransportSecurity")),
        "nosniff or HSTS is missing",
      ),
      ...fault(
        !policies.some(([, one]) => text(one).includes("ContentSecurityPolicy")),
        "a script has a CSP, which belongs on the page",
      ),
    ];
  },
  "the SDK file is compressed, cached, and served over HTTP/3": (t) => {
    const behaviour = at(distribution(t), "DefaultCacheBehavior");
    return [
      ...fault(at(behaviour, "Compress") === true, "it is not compressed"),
      ...fault(at(behaviour, "CachePolicyId") === COMPRESSING_CACHE, "it is not CachingOptimized"),
      ...fault(at(distribution(t), "HttpVersion") === "http2and3", "no HTTP/3"),
    ];
  },
  "a custom domain's certificate must be in us-east-1": (t) =>
    fault(
      /us-east-1/.test(t.Parameters?.["CertificateArn"]?.AllowedPattern ?? ""),
      "the parameter takes certificates that CloudFront can't read",
    ),
  "alarms are not in this stack, which may be in any region": (t) =>
    of(t, "CloudWatch::Alarm").map(([id]) => `${id} watches a region without CloudFront's metrics`),
  "the CloudFront proxy forwards everything and restores every response": (t) => {
    const proxy = branches(at(distribution(t), "CacheBehaviors"));
    return proxy.length !== 1 ? ["no behaviour for the CloudFront proxy"] : proxy.flatMap((one) => [
      ...fault(at(one, "CachePolicyId") === NO_CACHE, "pages would be cached"),
      ...fault(at(one, "OriginRequestPolicyId") === ALL_BUT_HOST, "headers or queries are lost"),
      ...fault((at(one, "AllowedMethods") as readonly Json[]).length === 7, "methods are missing"),
      ...fault(at(one, "ViewerProtocolPolicy") === "https-only", "a pass may be sent without TLS"),
      ...fault(!at(one, "ResponseHeadersPolicyId"), "a policy would replace the page's headers"),
      ...fault(
        text(at(one, "FunctionAssociations")).includes('"EventType":"viewer-response"'),
        "nothing restores the responses",
      ),
    ]);
  },
  "the CloudFront proxy's secret is never shown": (t) => {
    const origins = text(at(distribution(t), "Origins"));
    const name = /"HeaderValue":\{"Ref":"(\w+)"\}/.exec(origins)?.[1] ?? "";
    return fault(t.Parameters?.[name]?.NoEcho === true, "it is not a NoEcho parameter");
  },
};

function distribution(template: Template): Json | undefined {
  return at(of(template, "CloudFront::Distribution")[0]?.[1], "DistributionConfig");
}

function statements(template: Template): readonly Json[] {
  return branches(at(of(template, "S3::BucketPolicy")[0]?.[1], "PolicyDocument", "Statement"));
}
