import type { Json, Template } from "../../dev/aws/template.ts";

/** A rule for templates: returns the faults it finds, none if the template keeps it. */
export type TemplateRule = (template: Template) => readonly string[];

type Properties = Readonly<Record<string, Json>>;

/** Resources of a type, as `[logical id, properties]`. */
function of(template: Template, type: string): (readonly [string, Properties])[] {
  return Object.entries(template.Resources).filter(([, one]) => one.Type === `AWS::${type}`)
    .map(([id, one]) => [id, one.Properties ?? {}] as const);
}

/** Every branch of a value: both sides of each `Fn::If`, one element for each of a list. */
function branches(node: Json | undefined): readonly Json[] {
  if (node === undefined) return [];
  if (Array.isArray(node)) return node.flatMap(branches);
  if (node !== null && typeof node === "object" && "Fn::If" in node) {
    return (node["Fn::If"] as readonly Json[]).slice(1).flatMap(branches);
  }
  if (JSON.stringify(node) === '{"Ref":"AWS::NoValue"}') return [];
  return [node];
}

const at = (node: Json | undefined, ...path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>(
    (value, name) => (value as Readonly<Record<string, Json>> | undefined | null)?.[name],
    node,
  );

const text = (node: Json | undefined) => JSON.stringify(node ?? null);

function distribution(template: Template): Json | undefined {
  return at(of(template, "CloudFront::Distribution")[0]?.[1], "DistributionConfig");
}

function statements(template: Template): readonly Json[] {
  return branches(at(of(template, "S3::BucketPolicy")[0]?.[1], "PolicyDocument", "Statement"));
}

const fault = (holds: boolean, message: string) => holds ? [] : [message];

const COMPRESSING_CACHE = "658327ea-f89d-4fab-a63d-7e88639e58f6";
const NO_CACHE = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
const ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac";

/** Rules of the stack that holds the file and the distribution. */
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
  "the price class has African edges": (t) =>
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
      ...fault(!at(bucket, "LifecycleConfiguration"), "a lifecycle rule deletes"),
    ];
  },
  "the bucket outlives its stack": (t) =>
    Object.values(t.Resources).filter((one) => one.Type === "AWS::S3::Bucket").flatMap((one) =>
      fault(
        one.DeletionPolicy === "Retain" && one.UpdateReplacePolicy === "Retain",
        "it is not retained",
      )
    ),
  "no error page stands in for the whole distribution": (t) =>
    fault(!at(distribution(t), "CustomErrorResponses"), "it has CustomErrorResponses"),
  "the SDK file's responses have CORS over the origin's own, nosniff, HSTS, and no CSP": (t) => {
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
        "a script's answer has a CSP, which belongs on the page",
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
  "the CloudFront proxy passes everything on and restores every response": (t) => {
    const front = branches(at(distribution(t), "CacheBehaviors"));
    return front.length !== 1 ? ["no behaviour for the front"] : front.flatMap((one) => [
      ...fault(at(one, "CachePolicyId") === NO_CACHE, "pages would be cached"),
      ...fault(at(one, "OriginRequestPolicyId") === ALL_BUT_HOST, "headers or queries get lost"),
      ...fault((at(one, "AllowedMethods") as readonly Json[]).length === 7, "methods are missing"),
      ...fault(at(one, "ViewerProtocolPolicy") === "https-only", "a pass may travel in the clear"),
      ...fault(!at(one, "ResponseHeadersPolicyId"), "a policy would replace the page's headers"),
      ...fault(
        text(at(one, "FunctionAssociations")).includes('"EventType":"viewer-response"'),
        "nothing restores the answers",
      ),
    ]);
  },
  "the CloudFront proxy's secret is never shown": (t) => {
    const origins = text(at(distribution(t), "Origins"));
    const name = /"HeaderValue":\{"Ref":"(\w+)"\}/.exec(origins)?.[1] ?? "";
    return fault(t.Parameters?.[name]?.NoEcho === true, "it is not a NoEcho parameter");
  },
};

/** Log fields that tell who somebody is, or carry what opens a visit. */
const PERSONAL =
  /^(c-ip|c-port|c-country|x-forwarded-for|cs-uri-query|cs\((Cookie|Referer|User-Agent)\))$/;

/** Rules of the stack of alarms. */
export const ALARM_RULES: Readonly<Record<string, TemplateRule>> = {
  "every alarm names the distribution and Region=Global": (t) =>
    of(t, "CloudWatch::Alarm").flatMap(([id, one]) => {
      const dimensions = branches(at(one, "Dimensions"));
      const names = dimensions.map((dimension) => at(dimension, "Name"));
      const region = dimensions.find((dimension) => at(dimension, "Name") === "Region");
      return [
        ...fault(names.includes("DistributionId"), `${id}: no DistributionId`),
        ...fault(at(region, "Value") === "Global", `${id}: no Region=Global`),
      ];
    }),
  "every alarm says what missing data means, and where it is sent": (t) =>
    of(t, "CloudWatch::Alarm").flatMap(([id, one]) => [
      ...fault(
        typeof at(one, "TreatMissingData") === "string",
        `${id}: TreatMissingData is missing`,
      ),
      ...fault(text(at(one, "AlarmActions")).includes('"Ref":"Topic"'), `${id}: tells nobody`),
    ]),
  "5xx, 4xx, and both failures of the CloudFront proxy's function are watched": (t) => {
    const watched = of(t, "CloudWatch::Alarm").map(([, one]) => at(one, "MetricName"));
    return ["5xxErrorRate", "4xxErrorRate", "FunctionExecutionErrors", "FunctionValidationErrors"]
      .filter((name) => !watched.includes(name)).map((name) => `${name} is not watched`);
  },
  "the stack is refused outside us-east-1": (t) =>
    fault(
      Object.values(t.Rules ?? {}).some((rule) =>
        text(rule as unknown as Json).includes('{"Fn::Equals":[{"Ref":"AWS::Region"},"us-east-1"]}')
      ),
      "no rule asserts the region",
    ),
  "logs hold no personal field": (t) => {
    const fields = of(t, "Logs::Delivery").flatMap(([, one]) => branches(at(one, "RecordFields")));
    return [
      // Without a list every field is delivered.
      ...fault(fields.length > 0, "the fields are not chosen"),
      ...fields.filter((one) => PERSONAL.test(String(one))).map((one) => `it logs ${one}`),
    ];
  },
  "with the CloudFront proxy, logs hold no path, which names an appointment": (t) =>
    of(t, "Logs::Delivery").flatMap(([, one]) => {
      const fields = at(one, "RecordFields") as readonly Json[] | undefined;
      const path = (fields ?? []).find((field) => text(field).includes("cs-uri-stem"));
      return fault(
        path === undefined ||
          text(path) === '{"Fn::If":["HasFront",{"Ref":"AWS::NoValue"},"cs-uri-stem"]}',
        "cs-uri-stem is logged with the front",
      );
    }),
};
