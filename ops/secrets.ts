/** The Supabase CLI from npm, pinned like every other tool. */
const SUPABASE_CLI = "supabase@3.1.0";

/**
 * The one command that points the function at a file: address and hash in one call, because between
 * two calls every phone would refuse the file. `projectRef` names a project where the directory is
 * linked to none; `confirmed` answers the CLI's question beforehand.
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

/** A command as a person types it. */
export function asTyped([command, args]: readonly [string, readonly string[]]): string {
  return [command, ...args].join(" ");
}
