import { createCloudFormation, createS3 } from "./clients.ts";
import { conclude, Failure, usage } from "./failure.ts";
import { readOptions, regionOf, STACK_HELP, STACK_OPTIONS } from "./options.ts";
import { probeSdk } from "./sdk_probe.ts";
import { asTyped, secretsCommand } from "./secrets.ts";
import { cdnPlace } from "./stack.ts";
import { listVersions, type PublishedVersion, versionLines } from "./versions.ts";
import { type Dependencies, terminal } from "./dependencies.ts";

const HELP = `deno task cdn:rollback [options]

Lists the published SDK files. With --to it checks one through the CDN and prints the command that sets
its address and hash together; with --run it runs that command. Files never change, so no cache needs
to be invalidated: the next page that opens loads the other file.

  --to <file|version>   the file to switch to; a version, if only one file has it
  --run                 run the command (you must be signed in to the Supabase CLI)
  --project-ref <ref>   the Supabase project, if this folder is not linked to one
  --cdn-url <url>       address of the CDN, instead of the one in the stack's outputs
${STACK_HELP}`;

/** `deno task cdn:rollback`. Returns the exit code. */
export function rollback(args: readonly string[], dependencies: Dependencies): Promise<number> {
  return conclude(dependencies, async () => {
    const options = readOptions(args, {
      ...STACK_OPTIONS,
      to: { type: "string" },
      run: { type: "boolean", default: false },
      "project-ref": { type: "string" },
      "cdn-url": { type: "string" },
    });
    if (options.help) return dependencies.print(HELP);
    if (options.run && options.to === undefined) {
      throw usage("--run needs --to, which says which file");
    }
    const region = regionOf(options.region, dependencies.env);
    const client = createCloudFormation(region, dependencies);
    const place = await cdnPlace(client, options["stack-name"], options["cdn-url"]);
    const versions = await listVersions(createS3(region, dependencies), place.bucket);
    dependencies.print(`${versions.length} published in ${place.bucket}, the newest first:`);
    for (const line of versionLines(versions)) dependencies.print(line);
    if (options.to === undefined) {
      return dependencies.print("\nChoose one: deno task cdn:rollback --to <file or version>");
    }
    const chosen = choose(versions, options.to);
    const url = `${place.url}/${chosen.file}`;
    const { findings } = await probeSdk(url, chosen.integrity);
    const fault = findings.find((one) => !one.good);
    if (fault) {
      throw new Failure(
        `Pages cannot load ${url}: ${fault.check}, ${fault.found}`,
        fault.remedy,
      );
    }
    const command = secretsCommand(url, chosen.integrity, {
      projectRef: options["project-ref"],
      confirmed: options.run,
    });
    if (!options.run) {
      dependencies.print("\nPages can load it. This command points the function at it:");
      return dependencies.print(`  ${asTyped(command)}`);
    }
    dependencies.print(`\nrunning  ${asTyped(command)}`);
    const code = await dependencies.run(...command);
    if (code !== 0) {
      throw new Failure(
        `The Supabase CLI ended with ${code}; the function still uses the file it used before`,
        "sign in (npx supabase login), and name the project with --project-ref",
      );
    }
    dependencies.print("done; check it with deno task doctor <page url>");
  });
}

function choose(
  versions: readonly PublishedVersion[],
  wanted: string,
): PublishedVersion & { readonly integrity: string } {
  const [found, ...others] = versions.filter((one) =>
    one.file === wanted || one.sdkVersion === wanted
  );
  if (!found) {
    throw new Failure(
      `No published file is called ${wanted} or has this version`,
      "choose one of those listed above",
    );
  }
  // The newest of them may be the very one that is to be replaced.
  if (others.length > 0) {
    throw new Failure(
      `${others.length + 1} published files have version ${wanted}`,
      "choose one by its file name",
    );
  }
  const { integrity } = found;
  if (integrity === undefined) {
    throw new Failure(
      `${found.file} has no hash in its metadata: it was not published by cdn:publish`,
      "choose another, or compute its hash and set both secrets by hand",
    );
  }
  return { ...found, integrity };
}

if (import.meta.main) Deno.exit(await rollback(Deno.args, terminal()));
