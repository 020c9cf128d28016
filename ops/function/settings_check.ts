/** Compares the settings of a Supabase project with what the function needs and with a file. */
import { createHash } from "node:crypto";
import { parseEnv } from "node:util";
import { readSettings } from "../../supabase/functions/chime-page/config/settings.ts";

/** A secret as the platform lists it: not its value, but the value's SHA-256 in hex. */
export interface ListedSecret {
  readonly name: string;
  readonly value: string;
}

/** What is wrong with the settings, by name, sorted. */
export interface SettingsReport {
  /** Required, but not in the project. */
  readonly missing: readonly string[];
  /** In the file with a value that the function refuses. */
  readonly invalid: readonly string[];
  /** In the file, but not in the project, or there with another value. */
  readonly different: readonly string[];
}

/** What the platform sets itself. */
const PLATFORM = {
  SUPABASE_URL: "https://project.supabase.co",
  SUPABASE_SECRET_KEYS: '{"default":"sb_secret_platform"}',
  SB_EXECUTION_ID: "hosted",
};

/**
 * Checks the settings. The values in the project are secret, so only those of a file can be checked.
 * @param secrets from `supabase secrets list`
 * @param file text of the `.env` file; undefined if there is none
 */
export function checkSettings(
  secrets: readonly ListedSecret[],
  file: string | undefined,
): SettingsReport {
  const listed = new Map(secrets.map(({ name, value }) => [name, value]));
  const given = Object.entries(parseEnv(file ?? ""))
    .filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== "")
    .filter(([name]) => !name.startsWith("SUPABASE_"));
  const required = faults({});
  const isRequired = (name: string) => required.includes(name);
  return {
    missing: required.filter((name) => !listed.has(name)),
    invalid: file === undefined
      ? []
      : faults(Object.fromEntries(given)).filter((name) =>
        !isRequired(name) || given.some(([one]) => one === name)
      ),
    different: given.filter(([name, value]) => listed.get(name) !== sha256(value))
      .map(([name]) => name).sort(),
  };
}

function faults(environment: Record<string, string>): readonly string[] {
  const settings = readSettings({ ...environment, ...PLATFORM });
  return settings.ok ? [] : settings.error;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
