/** The document as a deployed function sends it: with its whole policy and credentials as long as Chime's. */
import { createHash } from "node:crypto";
import { readSettings } from "../../supabase/functions/chime-page/config/settings.ts";
import type { Language } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { metaContentSecurityPolicy } from "../../supabase/functions/chime-page/http/security_headers.ts";
import { renderVisitPage } from "../../supabase/functions/chime-page/page/visit_page.tsx";
import { visitPageSources } from "../../supabase/functions/chime-page/routes/documents.ts";
import { good } from "../../supabase/functions/chime-page/testing/settings.ts";
import { PATIENT, PROVIDER, visitData } from "./visit_page.ts";

/** Characters that do not compress, the same in every run. */
function incompressible(seed: string, length: number): string {
  let text = "";
  while (text.length < length) text += createHash("sha512").update(seed + text).digest("base64url");
  return text.slice(0, length);
}

function uuid(seed: string): string {
  const hex = createHash("sha256").update(seed).digest("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, "$1-$2-$3-$4-$5");
}

/** The page of a patient with a lobby, on the function's own domain and the CDN's. */
export function deployedDocument(language: Language): string {
  const settings = readSettings(good);
  if (!settings.ok) throw new Error(`Invalid settings: ${JSON.stringify(settings.error)}`);
  const { publicUrl, sdk } = settings.value;
  const [appointment, meeting] = [uuid("appointment"), uuid("meeting")];
  const [self, provider] = [
    { ...PATIENT, id: uuid("patient") },
    { ...PROVIDER, id: uuid("provider") },
  ];
  const cell = "m3.ec1.app.chime.aws";
  const { html } = renderVisitPage({
    data: visitData({
      language,
      lobby: true,
      appointmentId: appointment,
      self,
      people: [provider, self],
      api: { base: `${publicUrl}/${appointment}`, session: incompressible("session", 43) },
      sdk: { url: sdk.url, integrity: sdk.integrity, timeoutMs: 30_000 },
      join: {
        meeting: {
          MeetingId: meeting,
          ExternalMeetingId: uuid("external"),
          MediaRegion: "eu-central-1",
          MediaPlacement: {
            AudioHostUrl: `${uuid("audio").replaceAll("-", "")}.k.${cell}:3478`,
            AudioFallbackUrl: `wss://wss.k.${cell}:443/calls/${meeting}`,
            SignalingUrl: `wss://signal.${cell}/control/${meeting}`,
            TurnControlUrl: "https://2713.cell.eu-central-1.meetings.chime.aws/v2/turn_sessions",
          },
        },
        attendee: {
          ExternalUserId: self.id,
          AttendeeId: uuid("attendee"),
          JoinToken: incompressible("token", 212),
        },
      },
    }),
    timeZone: "Africa/Douala",
    locale: null,
    cspMeta: metaContentSecurityPolicy(settings.value, visitPageSources(language)),
  });
  return html;
}
