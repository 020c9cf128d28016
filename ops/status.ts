import { createCloudFormation, createS3 } from "./clients.ts";
import { conclude, Failure } from "./failure.ts";
import { readOptions, regionOf, STACK_HELP, STACK_OPTIONS } from "./options.ts";
import { probeSdk } from "./sdk_probe.ts";
import { describeStack, outputsOf, showOutputs } from "./stack.ts";
import { listVersions, versionLines } from "./versions.ts";
import { type Dependencies, terminal } from "./dependencies.ts";

const HELP = `deno task cdn:status [options]

Shows both stacks, their outputs, the published files, and whether pages can load each of them.

  --cdn-url <url>       address of the CDN, instead of the one in the stack's outputs
${STACK_HELP}`;

/** `deno task cdn:status`. Returns the exit code: 1 if a stack or a file has a fault. */
export function status(args: readonly string[], dependencies: Dependencies): Promise<number> {
  return conclude(dependencies, async () => {
    const options = readOptions(args, { ...STACK_OPTIONS, "cdn-url": { type: "string" } });
    if (options.help) return dependencies.print(HELP);
    const region = regionOf(options.region, dependencies.env);
    const name = options["stack-name"];
    const faults: string[] = [];
    const stack = await describeStack(createCloudFormation(region, dependencies), name);
    const alarmClient = createCloudFormation("us-east-1", dependencies);
    const stacks = {
      [`${name} (${region})`]: stack,
      [`${name}-alarms (us-east-1)`]: await describeStack(alarmClient, `${name}-alarms`),
    };
    for (const [label, one] of Object.entries(stacks)) {
      const state = one?.StackStatus ?? "not deployed";
      dependencies.print(`${label}: ${state}`);
      if (!/^(CREATE|UPDATE)_COMPLETE$/.test(state)) faults.push(`${label} is ${state}`);
      showOutputs(outputsOf(one), dependencies);
    }
    const { BucketName: bucket, Url: url } = outputsOf(stack);
    if (bucket && url) {
      const versions = await listVersions(createS3(region, dependencies), bucket);
      dependencies.print(`${versions.length} published:`);
      const lines = versionLines(versions);
      for (const [i, version] of versions.entries()) {
        const base = (options["cdn-url"] ?? url).replace(/\/+$/, "");
        const probe = await probeSdk(`${base}/${version.file}`, version.integrity);
        const bad = probe.findings.filter((one) => !one.good).map((one) => one.check);
        dependencies.print(`${lines[i]}  ${bad.length === 0 ? "ok" : `FAULT: ${bad.join(", ")}`}`);
        if (bad.length > 0) faults.push(`${version.file}: ${bad.join(", ")}`);
      }
    }
    if (faults.length > 0) {
      throw new Failure(
        faults.join("; "),
        "for a stack: deno task cdn:deploy; for a file: deno task doctor --sdk-url <url>",
      );
    }
  });
}

if (import.meta.main) Deno.exit(await status(Deno.args, terminal()));
