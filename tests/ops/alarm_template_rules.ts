import type { Json } from "../../dev/aws/template.ts";
import { at, branches, fault, of, type TemplateRule, text } from "./template_rules.ts";

/** Log fields that identify a person, or contain a credential. */
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
  "every alarm handles missing data and notifies somebody": (t) =>
    of(t, "CloudWatch::Alarm").flatMap(([id, one]) => [
      ...fault(
        typeof at(one, "TreatMissingData") === "string",
        `${id}: TreatMissingData is missing`,
      ),
      ...fault(text(at(one, "AlarmActions")).includes('"Ref":"Topic"'), `${id}: notifies nobody`),
    ]),
  "5xx, 4xx and both failures of the CloudFront proxy's function are watched": (t) => {
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
  "logs contain no personal field": (t) => {
    const fields = of(t, "Logs::Delivery").flatMap(([, one]) => branches(at(one, "RecordFields")));
    return [
      // Without a list every field is delivered.
      ...fault(fields.length > 0, "the fields are not chosen"),
      ...fields.filter((one) => PERSONAL.test(String(one))).map((one) => `it logs ${one}`),
    ];
  },
  "with the CloudFront proxy, logs contain no path, which has an appointment's id": (t) =>
    of(t, "Logs::Delivery").flatMap(([, one]) => {
      const fields = at(one, "RecordFields") as readonly Json[] | undefined;
      const path = (fields ?? []).find((field) => text(field).includes("cs-uri-stem"));
      return fault(
        path === undefined ||
          text(path) === '{"Fn::If":["HasFront",{"Ref":"AWS::NoValue"},"cs-uri-stem"]}',
        "cs-uri-stem is logged with the CloudFront proxy",
      );
    }),
};
