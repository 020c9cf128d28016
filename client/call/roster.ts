/** Who is in the meeting, as the SDK reports it. */
import type { During } from "../media/guard.ts";
import type { AudioVideo } from "../media/sdk.ts";

/** Changes to the other people. `id` is a Chime attendee id; content shares are left out. */
export interface RosterEvents {
  joined(id: string, externalUserId: string): void;
  /** @param dropped whether their connection was lost, and they did not leave by themselves */
  left(id: string, dropped: boolean): void;
  muted(id: string, muted: boolean): void;
  /** Nothing comes from them any more, or something does again. */
  silent(id: string, silent: boolean): void;
}

/** What else is known about the people in the meeting. */
export interface Roster {
  /** Nothing comes from this attendee any more, or something does again. */
  silent(id: string, silent: boolean): void;
  /** This page reconnects, after which the SDK reports everyone again. */
  reconnecting(): void;
}

/** An attendee, who may have several connections for a moment, for example after a reload. */
interface Attendee {
  connections: number;
  /** How one of several connections ended. */
  ended?: { readonly dropped: boolean };
}

/**
 * Reports when other people join, leave, mute or unmute.
 *
 * The SDK reports presence per connection: a person who comes back before Chime has noticed that their
 * old connection is gone is reported as present twice, then as gone once. It may also swallow the
 * second report, so somebody with a lost connection is gone as soon as nothing comes from them.
 * @param self attendee id of this page
 * @param heard called with an attendee who is speaking
 */
export function followRoster(
  audioVideo: AudioVideo,
  self: string,
  events: RosterEvents,
  during: During,
  heard: (id: string) => void,
): Roster {
  const present = new Map<string, Attendee>();
  const onVolume = during((id: string, volume: number | null, muted: boolean | null) => {
    if (volume) heard(id);
    // Null means unchanged.
    if (muted !== null && present.has(id)) events.muted(id, muted);
  });
  function remove(id: string, dropped: boolean): void {
    present.delete(id);
    // Also unsubscribes the SDK's speaker detector, which subscribes again each time somebody comes
    // back, but never unsubscribes.
    audioVideo.realtimeUnsubscribeFromVolumeIndicator(id);
    events.left(id, dropped);
  }
  audioVideo.realtimeSubscribeToAttendeeIdPresence(
    during((id: string, isPresent: boolean, externalUserId?: string, dropped?: boolean | null) => {
      if (id === self || id.includes("#")) return;
      const attendee = present.get(id);
      if (attendee === undefined) {
        if (!isPresent) return;
        present.set(id, { connections: 1 });
        events.joined(id, externalUserId ?? "");
        audioVideo.realtimeSubscribeToVolumeIndicator(id, onVolume);
      } else if (isPresent) attendee.connections++;
      else if (--attendee.connections > 0) attendee.ended = { dropped: dropped === true };
      else remove(id, dropped === true);
    }),
  );
  return {
    silent(id, silent) {
      const ended = present.get(id)?.ended;
      if (silent && ended !== undefined) remove(id, ended.dropped);
      else if (present.has(id)) events.silent(id, silent);
    },
    reconnecting: () => present.forEach((attendee) => attendee.connections = 0),
  };
}
