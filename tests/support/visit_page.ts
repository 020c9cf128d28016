/** The data of a visit's page. */
import { aloneTexts } from "../../supabase/functions/chime-page/contract/alone_texts.ts";
import type { PageState } from "../../client/bridge/chime-page.d.ts";
import { clientTexts, documentTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import type {
  JoinInfo,
  Language,
  Person,
  VisitPageData,
} from "../../supabase/functions/chime-page/contract/page_data.ts";

/** A name with markup, a script's end, line separators, direction marks and emoji. */
export const HOSTILE_NAME =
  "</script><img src=x onerror=alert(1)>\u2028\u202Eevil\u202C \u200Fעדי <!--<script> & \"q\" 'a' 👩🏽‍⚕️";

export const PROVIDER: Person = {
  id: "5c6f1f0e-0000-4000-8000-000000000001",
  name: "Dr. Amina Nkolo",
  role: "provider",
};
export const PATIENT: Person = {
  id: "5c6f1f0e-0000-4000-8000-000000000002",
  name: "Jean-Baptiste Essomba",
  role: "patient",
};

/** Every phase of a visit; a new one does not compile until it is listed here. */
export const STAGES = Object.keys(
  {
    "loading": 0,
    "lobby": 0,
    "waiting": 0,
    "connecting": 0,
    "in-call": 0,
    "reconnecting": 0,
    "on-hold": 0,
    "left": 0,
    "ended": 0,
    "joined-elsewhere": 0,
    "failed": 0,
  } satisfies Record<PageState, 0>,
) as PageState[];

/** Credentials of a meeting that does not exist: nothing listens at its signalling port. */
export const DEAD_JOIN: JoinInfo = {
  meeting: {
    MeetingId: "00000000-0000-4000-8000-000000000000",
    MediaRegion: "eu-central-1",
    MediaPlacement: {
      AudioHostUrl: "127.0.0.1:9",
      AudioFallbackUrl: "ws://127.0.0.1:65534/fallback",
      SignalingUrl: "ws://127.0.0.1:65534/control",
    },
  },
  attendee: { ExternalUserId: PATIENT.id, AttendeeId: "a-patient", JoinToken: "abc123" },
};

/** The data of a patient's page, with changes. */
export function visitData(changes: Partial<VisitPageData> = {}): VisitPageData {
  const language: Language = changes.language ?? "en";
  return {
    version: 1,
    appointmentId: "0b7e9c1a-0000-4000-8000-000000000000",
    startsAt: "2026-11-23T13:30:00Z",
    endsAt: "2026-11-23T14:00:00Z",
    self: PATIENT,
    people: [PROVIDER, PATIENT],
    state: "open",
    join: DEAD_JOIN,
    api: { base: "http://127.0.0.1:9/chime-page/x", session: "s".repeat(43) },
    query: "tab=0a1b2c3d",
    sdk: { url: "http://127.0.0.1:9/sdk.js", integrity: "sha384-x", timeoutMs: 30_000 },
    hostOrigins: [],
    legacyEvents: false,
    lobby: false,
    language,
    texts: {
      ...documentTexts(language),
      ...(changes.people?.length === 1 && aloneTexts(clientTexts(language))),
    },
    ...changes,
  };
}
