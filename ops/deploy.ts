import { deployStack } from "./change_set.ts";
import { createCloudFormation } from "./clients.ts";
import { conclude, Failure, usage } from "./failure.ts";
import { readOptions, regionOf, STACK_HELP, STACK_OPTIONS } from "./options.ts";
import { describeStack } from "./stack.ts";
import { terminal, type World } from "./world.ts";

const HELP = `deno task cdn:deploy [options]

Creates or updates the CDN's two stacks: the files (bucket, distribution), and in us-east-1 the
alarms and logs. Shows the changes first; refuses those that would lose the bucket or distribution.

  --dry-run             show the changes and change nothing
  --only <sdk|alarms>   one stack alone
  --domain <host>       own domain of the CDN, with --certificate
  --certificate <arn>   its certificate, in us-east-1
  --bucket <name>       name of a new bucket; CloudFormation chooses one otherwise
  --front <host>        serve the page too: host of the Supabase project; its secret is read from
                        CHIME_PAGE_FRONT_SECRET
  --no-front            serve the SDK file alone again
  --alarm-email <mail>  who is told of alarms
${STACK_HELP}`;

const STACKS = new URL("./stacks/", import.meta.url);
/** CloudFront reports there alone. */
const ALARM_REGION = "us-east-1";

/** `deno task cdn:deploy`. Answers the exit code. */
export function deploy(args: readonly string[], world: World): Promise<number> {
  return conclude(world, async () => {
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
    if (options.help) return world.print(HELP);
    if (options.only !== undefined && !["sdk", "alarms"].includes(options.only)) {
      throw usage(`Cannot read --only ${options.only}: it takes sdk or alarms`);
    }
    if ((options.domain === undefined) !== (options.certificate === undefined)) {
      throw usage("Cannot take --domain without --certificate, or the other way round");
    }
    if (options.front !== undefined && options["no-front"]) {
      throw usage("Cannot take --front and --no-front together");
    }
    const name = options["stack-name"];
    const dryRun = options["dry-run"];
    const region = regionOf(options.region, world.env);
    const client = createCloudFormation(region, world);
    let outputs: Readonly<Record<string, string>>;
    if (options.only === "alarms") {
      outputs = await existingOutputs(client, name);
    } else {
      const deployed = await deployStack(
        client,
        {
          name,
          ...await readTemplate("sdk.yaml"),
          parameters: {
            ...(options.bucket === undefined ? {} : { BucketName: options.bucket }),
            ...(options.domain && options.certificate
              ? { DomainName: options.domain, CertificateArn: options.certificate }
              : {}),
            ...await frontParameters(client, name, options, world),
          },
        },
        dryRun,
        world,
      );
      ({ outputs } = deployed);
      showOutputs(name, outputs, world);
    }
    if (options.only === "sdk") return;
    const { DistributionId, FrontFunctionName = "" } = outputs;
    if (!DistributionId) {
      return world.print(`${name}-alarms: waits for the first stack, which does not exist yet`);
    }
    const alarms = await deployStack(
      createCloudFormation(ALARM_REGION, world),
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
      world,
    );
    showOutputs(`${name}-alarms (${ALARM_REGION})`, alarms.outputs, world);
  });
}

/** A template and the names of its parameters. */
async function readTemplate(file: string) {
  const template = await Deno.readTextFile(new URL(file, STACKS));
  const block = /^Parameters:\n((?:[ #].*\n|\n)+)/m.exec(template)?.[1] ?? "";
  return { template, known: [...block.matchAll(/^ {2}(\w+):$/gm)].map((match) => match[1] ?? "") };
}

async function existingOutputs(client: ReturnType<typeof createCloudFormation>, name: string) {
  const outputs = (await describeStack(client, name))?.Outputs ?? [];
  return Object.fromEntries(outputs.map((one) => [one.OutputKey ?? "", one.OutputValue ?? ""]));
}

/** What the front needs; the code goes along whenever there is a front, so an update reaches it. */
async function frontParameters(
  client: ReturnType<typeof createCloudFormation>,
  name: string,
  options: { readonly front?: string | undefined; readonly "no-front": boolean },
  world: World,
): Promise<Record<string, string>> {
  if (options["no-front"]) {
    return { FrontOriginDomain: "", FrontSecret: "", FrontFunctionCode: "" };
  }
  const before = (await describeStack(client, name))?.Parameters ?? [];
  const had = before.some((one) => one.ParameterKey === "FrontOriginDomain" && one.ParameterValue);
  if (options.front === undefined && !had) return {};
  const code = await Deno.readTextFile(new URL("front.js", STACKS));
  const secret = world.env("CHIME_PAGE_FRONT_SECRET");
  if (!secret && !had) {
    throw new Failure(
      "The front needs CHIME_PAGE_FRONT_SECRET in the environment",
      'make one (openssl rand -hex 32), export it here, and set the same with "supabase secrets set"',
    );
  }
  return {
    FrontFunctionCode: code,
    ...(options.front === undefined ? {} : { FrontOriginDomain: options.front }),
    ...(secret ? { FrontSecret: secret } : {}),
  };
}

function showOutputs(
  name: string,
  outputs: Readonly<Record<string, string>>,
  world: World,
): void {
  if (Object.keys(outputs).length === 0) return;
  world.print(`${name}:`);
  for (const [key, value] of Object.entries(outputs)) {
    world.print(`  ${key.padEnd(20)}${value}`);
  }
}

if (import.meta.main) Deno.exit(await deploy(Deno.args, terminal()));
