import { Hono } from "hono";
import { problemResponse } from "./problem_response.ts";
import { answerFront } from "./cloudfront_proxy.ts";
import { observe } from "./request_log.ts";
import type { AppEnv, Parts } from "./dependencies.ts";
import { VERSION } from "../config/version.ts";

/**
 * What the function is while its settings are at fault: every route answers `misconfigured`, and the
 * log names the variables, at start and with every request, never their values.
 */
export function createMisconfiguredApp(
  faults: readonly string[],
  world: Pick<Parts, "log" | "now" | "newRequestId">,
  /** As far as it can be read: through the CloudFront proxy a bare 500 would be shown as text. */
  frontSecret?: string,
): Hono<AppEnv> {
  world.log.error("misconfigured", { settings: faults });
  const app = new Hono<AppEnv>({ strict: false });
  // Outside the base path too: whatever is asked for gets the common headers and its log line.
  app.use(answerFront(frontSecret));
  app.use(observe(world));
  app.get(
    "/chime-page/health",
    (c) => c.json({ status: "misconfigured", version: VERSION, sdk: null }, 503),
  );
  app.notFound((c) => problemResponse(c, undefined, { name: "misconfigured", settings: faults }));
  return app;
}
