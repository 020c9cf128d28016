/** Where the clients of a meeting connect to, by its id; the members of AWS's MediaPlacement. */
export type Placement = ReturnType<typeof placements>;

/**
 * Placements that all point at one server. They have no EventIngestionUrl: the SDK would send its
 * usage events there.
 * @param host host and port that browsers reach, e.g. `127.0.0.1:4321`
 */
export function placements(host: () => string) {
  return (meetingId: string) => ({
    AudioHostUrl: host(),
    AudioFallbackUrl: `ws://${host()}/calls/${meetingId}`,
    SignalingUrl: `ws://${host()}/control/${meetingId}`,
    TurnControlUrl: `http://${host()}/v2/turn_sessions`,
    ScreenDataUrl: `ws://${host()}/v2/screen_sockets`,
    ScreenViewingUrl: `ws://${host()}/v2/screen_viewers`,
    ScreenSharingUrl: `ws://${host()}/v2/screen_sharers`,
  });
}
