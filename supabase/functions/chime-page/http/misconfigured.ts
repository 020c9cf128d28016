import { Hono } from "hono";
import { VERSION } from "../config/version.ts";
import { cloudFrontProxy } from "./cloudfront_proxy.ts";
import type { AppEnv, Dependencies } from "./dependencies.ts";
import { errorEdge, refuse } from "./error_edge.ts";
import { requestLog } from "./request_log.ts";

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
  app.onError(errorEdge());
  app.get(
    "/chime-page/health",
    (c) => c.json({ status: "misconfigured", version: VERSION, sdk: null }, 503),
  );
  app.all("*", () => refuse({ name: "misconfigured", settings: faults }));
  return app;
}
