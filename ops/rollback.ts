import { createCloudFormation, createS3 } from "./clients.ts";
import { conclude, Failure, usage } from "./failure.ts";
import { readOptions, regionOf, STACK_HELP, STACK_OPTIONS } from "./options.ts";
import { probeSdk } from "./sdk_probe.ts";
import { asTyped, secretsCommand } from "./secrets.ts";
import { cdnPlace } from "./stack.ts";
import { listVersions, type PublishedVersion, versionLines } from "./versions.ts";
import { terminal, type World } from "./world.ts";

const HELP = `deno task cdn:rollback [options]

Lists the published SDK files. With --to it checks one through the CDN and prints the one command that
moves address and hash together; with --run it runs it. Files are never changed, so there is nothing
to invalidate; the next page that is opened loads the other file.

  --to <file|version>   the file to go to; a version means its newest file
  --run                 run the command (the Supabase CLI must be signed in)
  --project-ref <ref>   the Supabase project, if the directory is not linked to one
  --cdn-url <url>       address of the CDN instead of the stack's own
${STACK_HELP}`;

/** `deno task cdn:rollback`. Answers the exit code. */
export function rollback(args: readonly string[], world: World): Promise<number> {
  return conclude(world, async () => {
    const options = readOptions(args, {
      ...STACK_OPTIONS,
      to: { type: "string" },
      run: { type: "boolean", default: false },
      "project-ref": { type: "string" },
      "cdn-url": { type: "string" },
    });
    if (options.help) return world.print(HELP);
    if (options.run && options.to === undefined) {
      throw usage("Cannot take --run without --to: it must be said which file");
    }
    const region = regionOf(options.region, world.env);
    const client = createCloudFormation(region, world);
    const place = await cdnPlace(client, options["stack-name"], options["cdn-url"]);
    const versions = await listVersions(createS3(region, world), place.bucket);
    world.print(`${versions.length} published in ${place.bucket}, the newest first:`);
    for (const line of versionLines(versions)) world.print(line);
    if (options.to === undefined) {
      return world.print("\nChoose one: deno task cdn:rollback --to <file or version>");
    }
    const chosen = choose(versions, options.to);
    const url = `${place.url}/${chosen.file}`;
    const { findings } = await probeSdk(url, chosen.integrity);
    const fault = findings.find((one) => !one.good);
    if (fault) {
      throw new Failure(
        `${url} is not fit for pages: ${fault.check}, ${fault.found}`,
        fault.remedy,
      );
    }
    const command = secretsCommand(url, chosen.integrity, {
      projectRef: options["project-ref"],
      confirmed: options.run,
    });
    if (!options.run) {
      world.print("\nIt answers as it should. This moves the function to it:");
      return world.print(`  ${asTyped(command)}`);
    }
    world.print(`\nrunning  ${asTyped(command)}`);
    const code = await world.run(...command);
    if (code !== 0) {
      throw new Failure(
        `The Supabase CLI ended with ${code}; the function is where it was`,
        "sign in (npx supabase login), and name the project with --project-ref",
      );
    }
    world.print("moved; check it with deno task doctor <page url>");
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
    throw new Failure(`No published file is ${wanted}`, "choose one of those listed above");
  }
  // The newest of them may be the very file to get away from.
  if (others.length > 0) {
    throw new Failure(
      `${others.length + 1} published files are of version ${wanted}`,
      "choose one by its file's name",
    );
  }
  const { integrity } = found;
  if (integrity === undefined) {
    throw new Failure(
      `${found.file} has no hash beside it: it was not published by cdn:publish`,
      "choose another, or compute its hash and set both secrets by hand",
    );
  }
  return { ...found, integrity };
}

if (import.meta.main) Deno.exit(await rollback(Deno.args, terminal()));
