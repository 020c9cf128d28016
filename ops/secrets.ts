import { SUPABASE_CLI } from "./supabase_cli.ts";

/**
 * The command that points the function at an SDK file. It sets address and hash in one call: between
 * two calls every browser would refuse the file.
 * @param options.projectRef the Supabase project, if the folder is not linked to one
 * @param options.confirmed sets them without asking
 */
export function secretsCommand(
  url: string,
  integrity: string,
  { projectRef, confirmed = false }: {
    readonly projectRef?: string | undefined;
    readonly confirmed?: boolean;
  } = {},
): readonly [command: string, args: readonly string[]] {
  return ["npx", [
    "-y",
    SUPABASE_CLI,
    "secrets",
    "set",
    `CHIME_SDK_CDN_URL=${url}`,
    `CHIME_SDK_INTEGRITY=${integrity}`,
    ...(projectRef === undefined ? [] : [`--remote=${projectRef}`]),
    ...(confirmed ? ["--yes"] : []),
  ]];
}

export function asTyped([command, args]: readonly [string, readonly string[]]): string {
  return [command, ...args].join(" ");
}
