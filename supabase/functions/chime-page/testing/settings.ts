import { readSettings } from "../config/settings.ts";

/** An environment with all required settings of a hosted project. */
export const good = {
  CHIME_SDK_CDN_URL: "https://cdn.example.org",
  AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "secret-of-aws",
  SUPABASE_URL: "https://project.supabase.co",
  SUPABASE_SECRET_KEYS: '{"default":"sb_secret_x"}',
  CHIME_PAGE_PUBLIC_URL: "https://visit.example.org/functions/v1/chime-page/",
};

/** Names of the invalid settings after some are changed. */
export const faultsOf = (changes: Record<string, string | undefined>) => {
  const read = readSettings({ ...good, ...changes });
  return read.ok ? [] : read.error;
};
