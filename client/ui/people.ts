/** Names of the people in the call. Video of strangers is not shown. */
import type { VisitPageData } from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Texts } from "../i18n/texts.ts";
import type { CallEvents } from "../call/call.ts";
import type { AudioVideo, TileState } from "../media/sdk.ts";
import type { CallReports } from "../visit/call_reports.ts";
import type { Tiles } from "./tiles.ts";
import type { View } from "./view.ts";

/** The other people in the meeting. */
export interface People {
  /** Name of an invited person, otherwise "Guest" in the page's language. */
  nameOf(externalUserId: string): string;
  /**
   * Name of someone who is invited or in the meeting; null for a stranger. Both ids come from Chime
   * and can be trusted.
   */
  known(attendeeId: string, externalUserId: string): string | null;
  /** Returns handlers that show people and video on the tiles. */
  events(
    tiles: Tiles,
    reports: CallReports,
    joined: (externalUserId: string) => void,
  ): Pick<CallEvents, "roster" | "tileUpdated" | "tileRemoved">;
  /** Forgets everyone, for a new session. */
  clear(): void;
}

export function createPeople(
  { people }: VisitPageData,
  { t }: Texts,
  view: View,
): People {
  // By attendee id.
  const names = new Map<string, string>();
  // Tiles of unknown attendees: strangers, or people whose presence is not reported yet.
  const early = new Map<number, readonly [AudioVideo, TileState]>();
  const personOf = (id: string) => people.find((person) => person.id === id);
  const nameOf = (id: string) => personOf(id)?.name ?? t("guest");
  const known = (attendeeId: string, externalUserId: string) =>
    personOf(externalUserId)?.name ?? names.get(attendeeId) ?? null;
  return {
    nameOf,
    known,
    clear() {
      names.clear();
      early.clear();
    },
    events(tiles, reports, joined) {
      function tileUpdated(audioVideo: AudioVideo, tile: TileState): void {
        const { tileId, boundAttendeeId, boundExternalUserId, localTile } = tile;
        if (!boundAttendeeId) return;
        // The id of a shared screen is the attendee's id with `#content`.
        const [owner = ""] = boundAttendeeId.split("#");
        const name = known(owner, boundExternalUserId ?? "");
        if (localTile || name !== null) tiles.update(audioVideo, tile, name ?? "");
        else if (tileId !== null) early.set(tileId, [audioVideo, tile]);
      }
      return {
        tileUpdated,
        tileRemoved(tileId) {
          early.delete(tileId);
          tiles.removed(tileId);
        },
        roster: {
          joined(id, externalUserId) {
            const name = nameOf(externalUserId);
            names.set(id, name);
            tiles.joined(id, name);
            for (const [tileId, args] of [...early]) {
              early.delete(tileId);
              tileUpdated(...args);
            }
            reports.joined(id, personOf(externalUserId)?.role ?? "guest");
            view.announce("joined", name);
            joined(externalUserId);
          },
          left(id) {
            tiles.left(id);
            reports.left(id);
            view.announce("gone", names.get(id) ?? t("guest"));
            names.delete(id);
          },
          muted: (id, muted) => tiles.muted(id, muted),
        },
      };
    },
  };
}
