import { createCloudFormation, createS3 } from "./clients.ts";
import { conclude, Failure } from "./failure.ts";
import { readOptions, regionOf, STACK_HELP, STACK_OPTIONS } from "./options.ts";
import { probeSdk } from "./sdk_probe.ts";
import { describeStack, outputsOf } from "./stack.ts";
import { listVersions, versionLines } from "./versions.ts";
import { terminal, type World } from "./world.ts";

const HELP = `deno task cdn:status [options]

Shows both stacks, their outputs, the published files, and whether each can be loaded.

  --cdn-url <url>       address of the CDN instead of the stack's own
${STACK_HELP}`;

/** `deno task cdn:status`. Answers the exit code: 1 if a stack or a file is not as it should be. */
export function status(args: readonly string[], world: World): Promise<number> {
  return conclude(world, async () => {
    const options = readOptions(args, { ...STACK_OPTIONS, "cdn-url": { type: "string" } });
    if (options.help) return world.print(HELP);
    const region = regionOf(options.region, world.env);
    const name = options["stack-name"];
    const faults: string[] = [];
    const stack = await describeStack(createCloudFormation(region, world), name);
    const alarms = await describeStack(createCloudFormation("us-east-1", world), `${name}-alarms`);
    for (
      const [label, one] of [[`${name} (${region})`, stack], [
        `${name}-alarms (us-east-1)`,
        alarms,
      ]] as const
    ) {
      const state = one?.StackStatus ?? "not deployed";
      world.print(`${label}: ${state}`);
      if (!/^(CREATE|UPDATE)_COMPLETE$/.test(state)) faults.push(`${label} is ${state}`);
      for (const [key, value] of Object.entries(outputsOf(one))) {
        world.print(`  ${key.padEnd(20)}${value}`);
      }
    }
    const { BucketName: bucket, Url: url } = outputsOf(stack);
    if (bucket && url) {
      const versions = await listVersions(createS3(region, world), bucket);
      world.print(`${versions.length} published:`);
      const lines = versionLines(versions);
      for (const [i, version] of versions.entries()) {
        const base = (options["cdn-url"] ?? url).replace(/\/+$/, "");
        const probe = await probeSdk(`${base}/${version.file}`, version.integrity);
        const bad = probe.findings.filter((one) => !one.good).map((one) => one.check);
        world.print(`${lines[i]}  ${bad.length === 0 ? "ok" : `FAULT: ${bad.join(", ")}`}`);
        if (bad.length > 0) faults.push(`${version.file}: ${bad.join(", ")}`);
      }
    }
    if (faults.length > 0) {
      throw new Failure(
        faults.join("; "),
        "deno task cdn:deploy for stacks, deno task doctor --sdk-url for a file",
      );
    }
  });
}

if (import.meta.main) Deno.exit(await status(Deno.args, terminal()));
