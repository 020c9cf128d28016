/** Who is in the call: the names of those who are invited or present, and nobody else's pictures. */
import type { VisitPageData } from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Texts } from "../i18n/texts.ts";
import type { CallEvents } from "../call/call.ts";
import type { AudioVideo, TileState } from "../media/sdk.ts";
import type { CallReports } from "../visit/call_reports.ts";
import type { Tiles } from "./tiles.ts";
import type { View } from "./view.ts";

/** The others in the meeting. */
export interface People {
  /** By ExternalUserId; a guest's where nobody of that id is invited. */
  nameOf(externalUserId: string): string;
  /**
   * Amazon vouches for both ids; null for a stranger. Who has left again is known by the invitation.
   */
  known(attendeeId: string, externalUserId: string): string | null;
  /** How many others are in the meeting. */
  count(): number;
  /** Roster and pictures of a call, shown on these tiles. */
  events(
    tiles: Tiles,
    reports: CallReports,
    joined: () => void,
  ): Pick<CallEvents, "roster" | "tileUpdated" | "tileRemoved">;
  /** A new session: nobody is in it yet. */
  clear(): void;
}

/** Starts with nobody. */
export function createPeople(
  { people }: VisitPageData,
  { t }: Texts,
  view: View,
): People {
  // By attendee id.
  const names = new Map<string, string>();
  // Pictures of people who are not known to be there: of a stranger, or a moment too early.
  const early = new Map<number, readonly [AudioVideo, TileState]>();
  const personOf = (id: string) => people.find((person) => person.id === id);
  const nameOf = (id: string) => personOf(id)?.name ?? t("guest");
  const known = (attendeeId: string, externalUserId: string) =>
    personOf(externalUserId)?.name ?? names.get(attendeeId) ?? null;
  return {
    nameOf,
    known,
    count: () => names.size,
    clear() {
      names.clear();
      early.clear();
    },
    events(tiles, reports, joined) {
      function tileUpdated(audioVideo: AudioVideo, tile: TileState): void {
        const { tileId, boundAttendeeId, boundExternalUserId, localTile } = tile;
        if (!boundAttendeeId) return;
        // A shared screen is its person's.
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
            for (const [tileId, picture] of [...early]) {
              early.delete(tileId);
              tileUpdated(...picture);
            }
            reports.joined(id, personOf(externalUserId)?.role ?? "guest");
            view.announce("joined", name);
            joined();
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
