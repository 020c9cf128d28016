import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { parseTemplate, type Template } from "../../dev/aws/template.ts";
import { resolveTemplate } from "../../dev/aws/resolve.ts";
import { loadPackage } from "../support/large_packages.ts";
import { ALARM_RULES } from "./alarm_template_rules.ts";
import { SDK_RULES } from "./sdk_template_rules.ts";
import { ALARM_BREAKS, type Break, type Open, SDK_BREAKS } from "./template_breaks.ts";

/** The part of AWS's validator that is used here. */
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

/** What the official validator reports about a template, above INFO. */
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

Deno.test("the validator refuses an unknown property, and passes the seed's template", async () => {
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
      assert.ok(ways.length > 0, "no case shows that this rule can fail");
      for (const [i, way] of ways.entries()) {
        const broken = structuredClone(template) as Template & Open;
        way(broken.Resources as unknown as Parameters<Break>[0], broken);
        assert.ok(rule(broken).length > 0, `way ${i} of breaking it is not caught`);
      }
    });
  }
}

Deno.test("the seed's template breaks every rule that applies to it", () => {
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
    // It has no logs.
    "with the CloudFront proxy, logs contain no path, which has an appointment's id",
  ]);
});

Deno.test("without the optional parts there is no CloudFront proxy, no alias, and no function", () => {
  const place = {
    stackName: "cdn",
    region: "eu-central-1",
    accountId: "000000000000",
    stackId: "one",
  };
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
