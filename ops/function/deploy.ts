import { parseEnv } from "node:util";
import { doctor } from "../doctor/doctor.ts";
import { type Dependencies, terminal } from "../dependencies.ts";
import { conclude, Failure, usage } from "../failure.ts";
import { readOptions } from "../options.ts";
import { commandLine, readFromCli, runCli } from "../supabase_cli.ts";
import { BUILD_FOLDER, buildFunction } from "./build.ts";
import { checkSettings, type ListedSecret } from "./settings_check.ts";

const ENV_FILE = "supabase/functions/.env";

const HELP = `deno task deploy [page url] [options] [-- options of the doctor]

Checks the settings of the Supabase project, builds the function as one file, deploys it with the
Supabase CLI, and runs the doctor on the page url (default: CHIME_PAGE_PUBLIC_URL in the file of
settings). Deploy the database first: supabase db push. Settings are compared, but never changed.

  --dry-run             check and build, and show what would be deployed
  --remote <ref>        the project; default: the linked one
  --env-file <file>     settings to compare with the project's; default: ${ENV_FILE},
                        if it exists
  --yes                 do not ask before deploying
  --help                print this text

Credentials are read as by the Supabase CLI: SUPABASE_ACCESS_TOKEN, or supabase login.`;

/** `deno task deploy`. Returns the exit code: 1 if it cannot deploy or the doctor finds a fault. */
export async function deployFunction(
  args: readonly string[],
  dependencies: Dependencies,
): Promise<number> {
  const { print } = dependencies;
  let faults = 0;
  const code = await conclude(dependencies, async () => {
    const options = readOptions(args, {
      "dry-run": { type: "boolean", default: false },
      remote: { type: "string" },
      "env-file": { type: "string" },
      yes: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    }, true);
    if (options.help) return print(HELP);
    const [givenUrl, ...doctorOptions] = options.positionals;
    const file = await readEnvFile(options["env-file"]);
    const url = givenUrl ?? (file && parseEnv(file)["CHIME_PAGE_PUBLIC_URL"]);
    if (!url) throw usage("Give the page url, or CHIME_PAGE_PUBLIC_URL in the file of settings");
    const ref = options.remote ?? await linkedProject();

    const secrets = ["secrets", "list", `--remote=${ref}`, "--output", "json"];
    report(JSON.parse(await readFromCli(secrets)), file, print);

    const { code, sha256 } = await buildFunction();
    const size = new TextEncoder().encode(code).length.toLocaleString("en-GB");
    print(`function  chime-page, ${size} bytes, SHA-256 ${sha256}`);
    const deploy = [
      "functions",
      "deploy",
      "chime-page",
      `--remote=${ref}`,
      "--use-api",
      "--workdir",
      BUILD_FOLDER,
      ...(options.yes ? ["--yes"] : []),
    ];
    if (options["dry-run"]) {
      return print(`not run   ${commandLine(deploy)}\nnot run   deno task doctor ${url}`);
    }
    await runCli(deploy);
    faults = await doctor([url, ...doctorOptions], dependencies);
  });
  return code || faults;
}

/** Prints what differs. Throws if the function could not start with the project's settings. */
function report(
  secrets: readonly ListedSecret[],
  file: string | undefined,
  print: Dependencies["print"],
): void {
  const { missing, invalid, different } = checkSettings(secrets, file);
  if (invalid.length > 0) {
    throw new Failure(
      `The file of settings has invalid values: ${invalid.join(", ")}`,
      "docs/reference.md lists what each setting accepts",
    );
  }
  if (missing.length > 0) {
    throw new Failure(
      `The project lacks settings: ${missing.join(", ")}`,
      `set them: ${commandLine(["secrets", "set", "--env-file", ENV_FILE])}`,
    );
  }
  if (different.length === 0) return print("settings  complete");
  print(`settings  complete, but these differ from the file: ${different.join(", ")}`);
}

async function readEnvFile(given: string | undefined): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(given ?? ENV_FILE);
  } catch (error) {
    if (given === undefined && error instanceof Deno.errors.NotFound) return undefined;
    throw usage(`Cannot read ${given ?? ENV_FILE}`);
  }
}

/** The project that `supabase link` stored. */
async function linkedProject(): Promise<string> {
  const ref = await Deno.readTextFile("supabase/.temp/project-ref").catch(() => "");
  if (ref.trim()) return ref.trim();
  throw new Failure("No project is linked", "give --remote <ref>, or run supabase link first");
}

if (import.meta.main) Deno.exit(await deployFunction(Deno.args, terminal()));
