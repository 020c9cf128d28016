import { deployStack } from "./change_set.ts";
import { createCloudFormation } from "./clients.ts";
import { conclude, Failure, usage } from "./failure.ts";
import { readOptions, regionOf, STACK_HELP, STACK_OPTIONS } from "./options.ts";
import { describeStack, outputsOf, showOutputs } from "./stack.ts";
import { type Dependencies, terminal } from "./dependencies.ts";

const HELP = `deno task cdn:deploy [options]

Creates or updates the CDN's two stacks: bucket and distribution and, in us-east-1, alarms and logs.
Shows the changes first, and refuses any that would lose the bucket or the distribution.

  --dry-run             show the changes, but make none
  --only <sdk|alarms>   deploy only one of the two stacks
  --domain <host>       custom domain of the CDN; needs --certificate
  --certificate <arn>   its certificate, in us-east-1
  --bucket <name>       name for a new bucket; otherwise CloudFormation chooses one
  --front <host>        serve the page too, through the CloudFront proxy: host of the Supabase
                        project; the proxy's secret is read from CHIME_PAGE_FRONT_SECRET
  --no-front            remove the CloudFront proxy: serve only the SDK file
  --alarm-email <mail>  address that alarms are sent to
${STACK_HELP}`;

const STACKS = new URL("./stacks/", import.meta.url);
/** CloudFront reports its metrics and logs only there. */
const ALARM_REGION = "us-east-1";

/** `deno task cdn:deploy`. Returns the exit code. */
export function deploy(args: readonly string[], dependencies: Dependencies): Promise<number> {
  return conclude(dependencies, async () => {
    const options = readOptions(args, {
      ...STACK_OPTIONS,
      "dry-run": { type: "boolean", default: false },
      only: { type: "string" },
      domain: { type: "string" },
      certificate: { type: "string" },
      bucket: { type: "string" },
      front: { type: "string" },
      "no-front": { type: "boolean", default: false },
      "alarm-email": { type: "string" },
    });
    if (options.help) return dependencies.print(HELP);
    if (options.only !== undefined && !["sdk", "alarms"].includes(options.only)) {
      throw usage(`--only takes sdk or alarms, not ${options.only}`);
    }
    if ((options.domain === undefined) !== (options.certificate === undefined)) {
      throw usage("Give --domain and --certificate together");
    }
    if (options.front !== undefined && options["no-front"]) {
      throw usage("Give --front or --no-front, not both");
    }
    const name = options["stack-name"];
    const dryRun = options["dry-run"];
    const region = regionOf(options.region, dependencies.env);
    const client = createCloudFormation(region, dependencies);
    const show = (label: string, shown: Readonly<Record<string, string>>) => {
      if (Object.keys(shown).length > 0) dependencies.print(`${label}:`);
      showOutputs(shown, dependencies);
    };
    let outputs: Readonly<Record<string, string>>;
    if (options.only === "alarms") {
      outputs = outputsOf(await describeStack(client, name));
    } else {
      outputs = await deployStack(
        client,
        {
          name,
          ...await readTemplate("sdk.yaml"),
          parameters: {
            ...(options.bucket === undefined ? {} : { BucketName: options.bucket }),
            ...(options.domain && options.certificate
              ? { DomainName: options.domain, CertificateArn: options.certificate }
              : {}),
            ...await proxyParameters(client, name, options, dependencies),
          },
        },
        dryRun,
        dependencies,
      );
      show(name, outputs);
    }
    if (options.only === "sdk") return;
    const { DistributionId, FrontFunctionName = "" } = outputs;
    if (!DistributionId) {
      return dependencies.print(
        `${name}-alarms: not deployed, because the stack ${name} does not exist yet`,
      );
    }
    const alarmOutputs = await deployStack(
      createCloudFormation(ALARM_REGION, dependencies),
      {
        name: `${name}-alarms`,
        ...await readTemplate("alarms.yaml"),
        parameters: {
          DistributionId,
          FrontFunctionName,
          ...(options["alarm-email"] === undefined ? {} : { AlarmEmail: options["alarm-email"] }),
        },
      },
      dryRun,
      dependencies,
    );
    show(`${name}-alarms (${ALARM_REGION})`, alarmOutputs);
  });
}

/** Reads a template, and the names of its parameters. */
async function readTemplate(file: string) {
  const template = await Deno.readTextFile(new URL(file, STACKS));
  const block = /^Parameters:\n((?:[ #].*\n|\n)+)/m.exec(template)?.[1] ?? "";
  return { template, known: [...block.matchAll(/^ {2}(\w+):$/gm)].map((match) => match[1] ?? "") };
}

/**
 * Parameters of the CloudFront proxy. Its code is sent whenever there is a proxy, so that an update
 * of this repository reaches it.
 */
async function proxyParameters(
  client: ReturnType<typeof createCloudFormation>,
  name: string,
  options: { readonly front?: string | undefined; readonly "no-front": boolean },
  dependencies: Dependencies,
): Promise<Record<string, string>> {
  if (options["no-front"]) {
    return { FrontOriginDomain: "", FrontSecret: "", FrontFunctionCode: "" };
  }
  const before = (await describeStack(client, name))?.Parameters ?? [];
  const had = before.some((one) => one.ParameterKey === "FrontOriginDomain" && one.ParameterValue);
  if (options.front === undefined && !had) return {};
  const code = await Deno.readTextFile(new URL("cloudfront_proxy.js", STACKS));
  const secret = dependencies.env("CHIME_PAGE_FRONT_SECRET");
  if (!secret && !had) {
    throw new Failure(
      "The CloudFront proxy needs CHIME_PAGE_FRONT_SECRET in the environment",
      "make one (openssl rand -hex 32), export it here, and give the function the same one with " +
        '"supabase secrets set"',
    );
  }
  return {
    FrontFunctionCode: code,
    ...(options.front === undefined ? {} : { FrontOriginDomain: options.front }),
    ...(secret ? { FrontSecret: secret } : {}),
  };
}

if (import.meta.main) Deno.exit(await deploy(Deno.args, terminal()));
