import { createLog } from "../../_shared/log.ts";
import { readSettings } from "../config/settings.ts";
import type { Dependencies } from "../http/dependencies.ts";

const unexpected = (): Promise<never> =>
  Promise.reject(new Error("Cannot be reached in this test"));

/** Dependencies for routes that need neither the database nor Chime nor a token. */
export function offlineDependencies(): Dependencies {
  const settings = readSettings({
    CHIME_SDK_CDN_URL: "https://cdn.example.org",
    AWS_ACCESS_KEY_ID: "key",
    AWS_SECRET_ACCESS_KEY: "secret",
    SUPABASE_URL: "https://visit.example.org",
    CHIME_PAGE_PUBLIC_URL: "https://visit.example.org/functions/v1/chime-page",
    SUPABASE_SECRET_KEYS: '{"default":"sb_secret_x"}',
  });
  if (!settings.ok) throw new Error(`Cannot read settings: ${settings.error.join(", ")}`);
  return {
    settings: settings.value,
    visits: {
      open: unexpected,
      status: unexpected,
      leave: unexpected,
      meetingCreated: unexpected,
      endVisit: unexpected,
      meetingRefused: unexpected,
      meetingDeleted: unexpected,
      createPass: unexpected,
      record: unexpected,
    },
    chime: { createMeeting: unexpected, createAttendee: unexpected, deleteMeeting: unexpected },
    tokens: { verify: unexpected, headers: [], verifyHeader: unexpected },
    log: createLog(() => {}, () => 0),
    now: () => new Date(0),
    newSecret: () => "s".repeat(43),
    newRequestToken: () => "t".repeat(36),
    newRequestId: () => "request-1",
    newDeadline: () => ({ leftMs: () => 10_000, signal: new AbortController().signal }),
    background: () => {},
    storeTimeout: unexpected,
  };
}
