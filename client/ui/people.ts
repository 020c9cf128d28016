/** The people in the call: their names and connections. Video of strangers is not shown. */
import type { VisitPageData } from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Texts } from "../i18n/texts.ts";
import type { CallEvents } from "../call/call.ts";
import type { AudioVideo, TileState } from "../media/sdk.ts";
import type { CallReports } from "../visit/call_reports.ts";
import type { Connection } from "../visit/counterpart_status.ts";
import type { Store } from "../visit/store.ts";
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
  /** Forgets everyone, after a call and for a new session. */
  clear(): void;
}

/** An attendee of a person, who may be in the call with several devices. */
interface Attendee {
  /** Participant id. */
  readonly person: string;
  name: string;
  silent: boolean;
}

/** @param update asks the server who is here */
export function createPeople(
  { people }: VisitPageData,
  { t }: Texts,
  view: View,
  store: Store,
  update: () => Promise<unknown>,
): People {
  // By attendee id.
  const attendees = new Map<string, Attendee>();
  // Tiles of unknown attendees: strangers, or people whose presence is not reported yet.
  const early = new Map<number, readonly [AudioVideo, TileState]>();
  const personOf = (id: string) =>
    [...people, ...store.now.status?.people ?? []].find((person) => person.id === id);
  const nameOf = (id: string) => personOf(id)?.name ?? t("guest");
  const known = (attendeeId: string, externalUserId: string) =>
    personOf(externalUserId)?.name ?? attendees.get(attendeeId)?.name ?? null;
  const devicesOf = (person: string) =>
    [...attendees.values()].filter((one) => one.person === person);
  /** Notes the connection of a person whose devices have changed. */
  function connect(person: string, gone: "left" | "dropped" = "left"): void {
    const devices = devicesOf(person);
    const here = devices.some(({ silent }) => !silent) ? "here" : "silent";
    const state: Connection["state"] = devices.length === 0 ? gone : here;
    const { connections } = store.now;
    if (connections?.[person]?.state === state) return;
    store.set({ connections: { ...connections, [person]: { state, at: performance.now() } } });
  }
  return {
    nameOf,
    known,
    clear() {
      early.clear();
      if (attendees.size === 0) return;
      attendees.clear();
      // Who left before is remembered: until they are heard of again, they do not wait.
      const past = Object.entries(store.now.connections ?? {})
        .filter(([, { state }]) => state === "left" || state === "dropped");
      store.set({ connections: Object.fromEntries(past) });
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
          async joined(id, externalUserId) {
            const name = nameOf(externalUserId);
            const isFirst = devicesOf(externalUserId).length === 0;
            const attendee: Attendee = { person: externalUserId, name, silent: false };
            attendees.set(id, attendee);
            connect(externalUserId);
            tiles.joined(id, name);
            for (const [tileId, args] of [...early]) {
              early.delete(tileId);
              tileUpdated(...args);
            }
            if (!personOf(externalUserId)) {
              // Somebody who was not listed when this page was opened.
              await update();
              if (attendees.get(id) !== attendee) return;
              attendee.name = nameOf(externalUserId);
              tiles.joined(id, attendee.name);
            }
            reports.joined(externalUserId, personOf(externalUserId)?.role ?? "guest");
            if (!isFirst) return;
            view.announce("joined", attendee.name);
            joined(externalUserId);
          },
          left(id, lost) {
            const attendee = attendees.get(id);
            if (attendee === undefined) return;
            const { person, name, silent } = attendee;
            // Chime calls it leaving, too, when a connection is replaced after it dropped.
            const dropped = lost || silent;
            attendees.delete(id);
            // Before the tile, so that the card never says that they are still to come.
            connect(person, dropped ? "dropped" : "left");
            tiles.left(id);
            if (devicesOf(person).length > 0) return;
            reports.left(person);
            view.announce(dropped ? "dropped" : "gone", name);
          },
          silent(id, silent) {
            const attendee = attendees.get(id);
            if (attendee === undefined) return;
            attendee.silent = silent;
            connect(attendee.person);
            tiles.dropped(id, silent);
          },
          muted: (id, muted) => tiles.muted(id, muted),
        },
      };
    },
  };
}
