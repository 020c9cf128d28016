/** Who is in the meeting, as the SDK reports it. */
import type { During } from "../media/guard.ts";
import type { AudioVideo } from "../media/sdk.ts";

/** Changes to the other people. `id` is a Chime attendee id; content shares are left out. */
export interface RosterEvents {
  joined(id: string, externalUserId: string): void;
  left(id: string): void;
  muted(id: string, muted: boolean): void;
}

/**
 * Reports when other people join, leave, mute or unmute.
 * @param self attendee id of this page
 */
export function followRoster(
  audioVideo: AudioVideo,
  self: string,
  events: RosterEvents,
  during: During,
): void {
  const present = new Set<string>();
  const volume = during((id: string, _volume: number | null, muted: boolean | null) => {
    // Null means unchanged.
    if (muted !== null && present.has(id)) events.muted(id, muted);
  });
  audioVideo.realtimeSubscribeToAttendeeIdPresence(
    during((id: string, isPresent: boolean, externalUserId?: string) => {
      if (id === self || id.includes("#")) return;
      if (isPresent && !present.has(id)) {
        present.add(id);
        events.joined(id, externalUserId ?? "");
        audioVideo.realtimeSubscribeToVolumeIndicator(id, volume);
      } else if (!isPresent && present.delete(id)) {
        audioVideo.realtimeUnsubscribeFromVolumeIndicator(id, volume);
        events.left(id);
      }
    }),
  );
}
