import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { parseTemplate, type Template } from "../../dev/aws/template.ts";
import { resolveTemplate } from "../../dev/aws/resolve.ts";
import { loadPackage } from "../support/large_packages.ts";
import { ALARM_RULES, SDK_RULES } from "./template_rules.ts";

/** As much of AWS's validator as is used here. */
interface Validator {
  readonly TemplateFile: new (path: string) => object;
  readonly RegoEngine: new () => {
    validateStandard(
      template: object,
      options: { readonly parameterOverrides: Readonly<Record<string, string>> },
    ): { readonly diagnostics: readonly Record<"severity" | "ruleId" | "message", string>[] };
    free(): void;
  };
}

const { RegoEngine, TemplateFile } = await loadPackage<Validator>("@aws/cloudformation-validate");

const fileOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const SDK = fileOf("../../ops/stacks/sdk.yaml");
const ALARMS = fileOf("../../ops/stacks/alarms.yaml");
const SEED = fileOf("fixtures/seed-template.yaml");
const read = (path: string) => parseTemplate(Deno.readTextFileSync(path));
const [sdk, alarms, seed] = [read(SDK), read(ALARMS), read(SEED)];

/** What the official validator says of a template, above INFO. */
function validate(path: string, parameterOverrides: Record<string, string> = {}) {
  const engine = new RegoEngine();
  try {
    return engine.validateStandard(new TemplateFile(path), { parameterOverrides }).diagnostics
      .filter((one) => !["INFO", "DEBUG"].includes(one.severity))
      .map((one) => `${one.severity} ${one.ruleId} ${one.message}`);
  } finally {
    engine.free();
  }
}

/** Values of every optional part. */
const FULL = {
  DomainName: "cdn.example.org",
  CertificateArn: "arn:aws:acm:us-east-1:000000000000:certificate/1234-abcd",
  FrontOriginDomain: "abcdefghijklmnopqrst.supabase.co",
  FrontSecret: "s".repeat(40),
  FrontFunctionCode: "function handler(event) { return event.response; }",
};

Deno.test("the official validator reports nothing above INFO, with and without the optional parts", () => {
  assert.deepEqual(validate(SDK), []);
  assert.deepEqual(validate(SDK, FULL), []);
  assert.deepEqual(validate(ALARMS), []);
  assert.deepEqual(
    validate(ALARMS, { FrontFunctionName: "front", AlarmEmail: "a@example.org" }),
    [],
  );
});

Deno.test("the validator is a floor: it refuses a wrong property, and lets the seed's template pass", async () => {
  const broken = await Deno.makeTempFile({ suffix: ".yaml" });
  try {
    const text = await Deno.readTextFile(SDK);
    await Deno.writeTextFile(broken, text.replace("PriceClass:", "PriceKlass:"));
    assert.match(validate(broken).join(), /PriceKlass/);
  } finally {
    await Deno.remove(broken);
  }
  assert.deepEqual(validate(SEED), []);
});

type Open = Record<string, unknown>;
type Break = (resources: Record<string, { Properties: Open } & Open>, template: Open) => void;

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
const FRONT = "CacheBehaviors.Fn::If.1.0";

/** How each rule of the first stack is broken on purpose, one way for each thing it looks at. */
const SDK_BREAKS: Record<string, readonly Break[]> = {
  "no Origin Access Identity, and Origin Access Control signs every request": [
    config("Origins.0.OriginAccessControlId", undefined),
    set("SdkAccess.Properties.OriginAccessControlConfig.SigningBehavior", "never"),
    (r) =>
      void (r["Old"] = {
        Type: "AWS::CloudFront::CloudFrontOriginAccessIdentity",
        Properties: {},
      }),
  ],
  "the price class has African edges": [
    config("PriceClass", "PriceClass_100"),
    config("PriceClass", undefined),
  ],
  "every behaviour's origin exists": [
    config("DefaultCacheBehavior.TargetOriginId", "S3Origin"),
    config(`${FRONT}.TargetOriginId`, "fron"),
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
  "no error page stands in for the whole distribution": [
    (r) => {
      const properties = r["Distribution"]?.Properties["DistributionConfig"] as Open;
      properties["CustomErrorResponses"] = [{ ErrorCode: 404 }];
    },
  ],
  "the SDK file's responses have CORS over the origin's own, nosniff, HSTS, and no CSP": [
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
  "the CloudFront proxy passes everything on and restores every response": [
    config(`${FRONT}.CachePolicyId`, "658327ea-f89d-4fab-a63d-7e88639e58f6"),
    config(`${FRONT}.OriginRequestPolicyId`, undefined),
    config(`${FRONT}.AllowedMethods`, ["GET", "HEAD"]),
    config(`${FRONT}.ViewerProtocolPolicy`, "allow-all"),
    config(`${FRONT}.FunctionAssociations`, undefined),
  ],
  "the CloudFront proxy's secret is never shown": [
    (_, template) => put(template, "Parameters.FrontSecret.NoEcho", undefined),
  ],
};

const ALARM_BREAKS: Record<string, readonly Break[]> = {
  "every alarm names the distribution and Region=Global": [
    set("ServerErrors.Properties.Dimensions.1.Value", "us-east-1"),
    set("ClientErrors.Properties.Dimensions", [{ Name: "Region", Value: "Global" }]),
    set("FrontExecutionErrors.Properties.Dimensions", []),
  ],
  "every alarm says what missing data means, and where it is sent": [
    set("ServerErrors.Properties.TreatMissingData", undefined),
    set("ClientErrors.Properties.AlarmActions", undefined),
  ],
  "5xx, 4xx, and both failures of the CloudFront proxy's function are watched": [
    (r) => void delete r["ServerErrors"],
    (r) => void delete r["FrontValidationErrors"],
  ],
  "the stack is refused outside us-east-1": [(_, template) => put(template, "Rules", undefined)],
  "logs hold no personal field": [
    set("LogDelivery.Properties.RecordFields", undefined),
    ...["c-ip", "cs-uri-query", "cs(Cookie)", "cs(Referer)", "cs(User-Agent)", "x-forwarded-for"]
      .map((field) => set("LogDelivery.Properties.RecordFields.0", field)),
  ],
  "with the CloudFront proxy, logs hold no path, which names an appointment": [
    set("LogDelivery.Properties.RecordFields.4", "cs-uri-stem"),
  ],
};

for (
  const [file, template, rules, breaks] of [
    ["sdk.yaml", sdk, SDK_RULES, SDK_BREAKS],
    ["alarms.yaml", alarms, ALARM_RULES, ALARM_BREAKS],
  ] as const
) {
  for (const [name, rule] of Object.entries(rules)) {
    Deno.test(`${file}: ${name}`, () => {
      assert.deepEqual(rule(template), []);
      const ways = breaks[name] ?? [];
      assert.ok(ways.length > 0, "nothing shows that this assertion can fail");
      for (const [i, way] of ways.entries()) {
        const broken = structuredClone(template) as Template & Open;
        way(broken.Resources as unknown as Parameters<Break>[0], broken);
        assert.ok(rule(broken).length > 0, `way ${i} of breaking it is not caught`);
      }
    });
  }
}

Deno.test("the seed's template fails every assertion whose subject it has", () => {
  const failed = (rules: Record<string, (template: Template) => readonly string[]>) =>
    Object.entries(rules).filter(([, rule]) => rule(seed).length > 0).map(([name]) => name);
  const passed = (rules: Record<string, unknown>, names: readonly string[]) =>
    Object.keys(rules).filter((name) => !names.includes(name));
  const [ofSdk, ofAlarms] = [failed(SDK_RULES), failed(ALARM_RULES)];
  assert.deepEqual(passed(SDK_RULES, ofSdk), [
    "every behaviour's origin exists",
    "the SDK file is compressed, cached, and served over HTTP/3",
  ]);
  assert.deepEqual(passed(ALARM_RULES, ofAlarms), [
    // It has no logs whose path could be judged.
    "with the CloudFront proxy, logs hold no path, which names an appointment",
  ]);
});

Deno.test("without the optional parts there is no CloudFront proxy, no alias, and no function", () => {
  const place = { stackName: "cdn", region: "eu-central-1", accountId: "000000000000" };
  const bare = resolveTemplate(sdk, {}, place);
  assert.doesNotMatch(JSON.stringify(bare.resources), /"Front|viewer-response|Aliases/);
  const full = resolveTemplate(sdk, FULL, place);
  assert.equal(full.outputs["Url"], "https://cdn.example.org");
  assert.match(JSON.stringify(full.resources), /"Aliases":\["cdn.example.org"\]/);
  const { FrontSecret: _, ...half } = FULL;
  assert.throws(() => resolveTemplate(sdk, half, place), /needs FrontSecret/);
  assert.throws(
    () => resolveTemplate(sdk, { DomainName: "cdn.example.org" }, place),
    /needs its certificate/,
  );
});
