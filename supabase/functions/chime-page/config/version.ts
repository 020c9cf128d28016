/** Version of the function, as `GET /chime-page/health` tells it. */
export const VERSION = "0.2.0";
