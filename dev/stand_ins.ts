import { ensureSdk, SDK_DIRECTORY } from "../sdk/build.ts";
import { startCdn } from "./cdn/origin.ts";
import { startChime } from "./chime/chime.ts";

/** The key that the Chime stand-in knows. */
export const CHIME_KEY = {
  accessKeyId: "AKIADEMOCHIMEPAGE000",
  secretAccessKey: "demo-secret-of-chime-page",
};

/** The first of the two ports: Chime, then the CDN. */
export const STAND_INS_PORT = 8090;

/**
 * Starts only what a function needs beside a Supabase project, for `supabase functions serve`: Chime,
 * and the CDN with the SDK file. Both are reachable from a container.
 * @param port of Chime; the CDN takes the next one. 0 takes any free ones
 */
export async function startStandIns(port: number) {
  await using started = new AsyncDisposableStack();
  const hostname = "0.0.0.0";
  const chime = started.adopt(
    await startChime({ credentials: [CHIME_KEY], port, hostname }),
    (one) => one.close(),
  );
  await ensureSdk();
  const cdnPort = port === 0 ? 0 : port + 1;
  const cdn = started.adopt(
    await startCdn({ directory: SDK_DIRECTORY, port: cdnPort, hostname }),
    (one) => one.close(),
  );
  const running = started.move();
  return {
    chime,
    cdn,
    environment: {
      // The function is in a container, the browser is not.
      CHIME_ENDPOINT: `http://host.docker.internal:${new URL(chime.url).port}`,
      CHIME_SDK_CDN_URL: cdn.url,
      AWS_ACCESS_KEY_ID: CHIME_KEY.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CHIME_KEY.secretAccessKey,
      // The CLI's gateway, as people's browsers reach it.
      CHIME_PAGE_PUBLIC_URL: "http://127.0.0.1:54321/functions/v1/chime-page",
    },
    stop: () => running.disposeAsync(),
  };
}
