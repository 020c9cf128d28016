import type { Browser } from "playwright-core";
import type {
  Person,
  VisitPageData,
} from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { TestMeeting } from "../support/meeting.ts";
import { openVisit } from "../support/open_visit.ts";
import { keepTracks } from "../support/page_tracks.ts";

/** Opens a page of the meeting with a lobby. */
export async function openLobby(
  browser: Browser,
  sdk: VisitPageData["sdk"],
  meeting: TestMeeting,
  self: Person,
  changes: Partial<VisitPageData> = {},
) {
  const join = await meeting.attend(self);
  const sockets: string[] = [];
  const data = { self, join: changes.state === "waiting" ? null : join, lobby: true, sdk };
  const opened = await openVisit(browser, { ...data, ...changes }, {
    connect: meeting.connect,
    async before(page) {
      page.on("websocket", (socket) => sockets.push(socket.url()));
      await keepTracks(page);
    },
  });
  opened.visit.join = join;
  return { ...opened, sockets };
}
