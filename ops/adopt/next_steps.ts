import { commandLine } from "../supabase_cli.ts";

/** What to do in the project after its files are written. */
export function nextSteps({ later }: { readonly later: string | undefined }): readonly string[] {
  const cli = commandLine([]);
  const all = later === undefined ? "" : " --include-all";
  return [
    "",
    "Next, in your project:",
    "",
    "  1. Review the changes and commit them, adopted.json too.",
    `  2. ${cli} db push --remote --dry-run${all}`,
    `     ${cli} db push --remote${all}`,
    ...(later === undefined ? [] : [
      `     Your migration ${later} is dated after some of ours. Without`,
      "     --include-all, the CLI does not apply ours.",
    ]),
    '     Should the CLI say "Remote migration versions not found in local migrations directory",',
    "     then do NOT run the `migration repair` it suggests: that rewrites the history of your",
    "     database. It means that this folder lacks migrations that were applied: get them from your",
    "     repository's history.",
    "  3. Map your appointments with a migration of your own: docs/adopting.md.",
    "  4. Copy supabase/functions/chime-page/.env.example to .env beside it, fill it in, then:",
    `     ${cli} secrets set --env-file supabase/functions/chime-page/.env`,
    `     ${cli} functions deploy chime-page --use-api`,
    "  5. deno task doctor <page url>, here: it checks the deployment.",
  ];
}
