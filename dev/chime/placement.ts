/** Where a meeting's clients connect to; the members of AWS's MediaPlacement. */
export interface MediaPlacement {
  readonly AudioHostUrl: string;
  readonly AudioFallbackUrl: string;
  readonly SignalingUrl: string;
  readonly TurnControlUrl: string;
  readonly ScreenDataUrl: string;
  readonly ScreenViewingUrl: string;
  readonly ScreenSharingUrl: string;
  /** Absent unless asked for: with it the SDK sends usage events. */
  readonly EventIngestionUrl?: string;
}

/** Placement of a meeting by its id. */
export type Placement = (meetingId: string) => MediaPlacement;

/**
 * Placements that all point at one server.
 *
 * @param host host and port that browsers reach, e.g. `127.0.0.1:4321`
 * @param eventIngestionUrl where the SDK shall send usage events; none by default
 */
export function placements(host: () => string, eventIngestionUrl?: string): Placement {
  return (meetingId) => ({
    AudioHostUrl: host(),
    AudioFallbackUrl: `ws://${host()}/calls/${meetingId}`,
    SignalingUrl: `ws://${host()}/control/${meetingId}`,
    TurnControlUrl: `http://${host()}/v2/turn_sessions`,
    ScreenDataUrl: `ws://${host()}/v2/screen_sockets`,
    ScreenViewingUrl: `ws://${host()}/v2/screen_viewers`,
    ScreenSharingUrl: `ws://${host()}/v2/screen_sharers`,
    ...(eventIngestionUrl === undefined ? {} : { EventIngestionUrl: eventIngestionUrl }),
  });
}
