import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { VERSION } from "../config/version.ts";
import { cloudFrontProxy } from "./cloudfront_proxy.ts";
import type { AppEnv, Dependencies } from "./dependencies.ts";
import { errorEdge, refuse } from "./error_edge.ts";
import { chosenLanguage } from "./language.ts";
import { requestLog } from "./request_log.ts";

/** Bytes. Enough for the form of the language menu. */
const MAX_BODY_SIZE = 1024;

/**
 * Creates the app that runs while settings are invalid. Every route returns `misconfigured`, and the
 * invalid settings are logged by name at startup and for each request.
 * @param proxySecret without it, the CloudFront proxy would show the problem page as plain text
 */
export function createMisconfiguredApp(
  faults: readonly string[],
  dependencies: Pick<Dependencies, "log" | "now" | "newRequestId">,
  proxySecret?: string,
): Hono<AppEnv> {
  dependencies.log.error("misconfigured", { settings: faults });
  const app = new Hono<AppEnv>({ strict: false });
  app.use(cloudFrontProxy(proxySecret));
  app.use(requestLog(dependencies));
  const misconfigured = () => refuse({ name: "misconfigured", settings: faults });
  // Nothing but the language is read.
  app.use(bodyLimit({ maxSize: MAX_BODY_SIZE, onError: misconfigured }));
  app.use(chosenLanguage());
  app.onError(errorEdge());
  app.get(
    "/chime-page/health",
    (c) => c.json({ status: "misconfigured", version: VERSION, sdk: null }, 503),
  );
  app.all("*", misconfigured);
  return app;
}
