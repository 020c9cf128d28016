/** Version of the function, returned by `GET /chime-page/health`. */
export const VERSION = "0.2.0";
