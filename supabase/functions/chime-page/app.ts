import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { problemResponse } from "./http/problem_response.ts";
import { recordEvents } from "./routes/events.ts";
import { clientFile } from "./routes/assets.ts";
import { answerFront } from "./http/cloudfront_proxy.ts";
import { preflightHeaders } from "./http/security_headers.ts";
import { observe } from "./http/request_log.ts";
import { headPage, openPage } from "./routes/visit.ts";
import { packing } from "./http/compression.ts";
import type { AppContext, AppEnv, Parts } from "./http/dependencies.ts";
import { createPass } from "./routes/passes.ts";
import { SDK_FILES } from "./config/sdk_manifest.generated.ts";
import { endVisit, joinVisit, visitStatus } from "./routes/session.ts";
import { languageTexts } from "./routes/texts.ts";
import { VERSION } from "./config/version.ts";

/** No body of ours is longer: 50 events of telemetry, or a form with one access token. */
const LARGEST_BODY = 32 * 1024;

/** `/chime-page`, the name of the function, is in every path that reaches it. */
const BASE_PATH = "/chime-page";

/**
 * The routes of the function. Each answers a `Response`; every failure on the way is a problem
 * (`_shared/problem.ts`), shown as a page to people and as `application/problem+json` to programs.
 */
export function createApp(parts: Parts): Hono<AppEnv> {
  const root = new Hono<AppEnv>({ strict: false });
  const policy = parts.settings;

  // Outside the base path too: whatever is asked for gets the common headers and its log line.
  root.use(answerFront(policy.frontSecret));
  root.use(...packing());
  root.use(observe(parts));
  // A `Host` that makes no address: whatever comes next may read the URL.
  root.use(async (c, next) =>
    URL.canParse(c.req.url)
      ? await next()
      : problemResponse(c, policy, { name: "bad-request", reason: "malformed-host" })
  );
  root.use(bodyLimit({
    maxSize: LARGEST_BODY,
    onError: (c) => problemResponse(c as AppContext, policy, { name: "payload-too-large" }),
  }));

  const app = root.basePath(BASE_PATH);
  app.on("OPTIONS", ["/*"], (c) => c.body(null, 204, preflightHeaders(parts.tokens.headers)));
  app.get(
    "/health",
    (c) => c.json({ status: "ok", version: VERSION, sdk: SDK_FILES[0].sdkVersion }),
  );
  // Before the visits, to whose `POST` it would look like an id.
  app.all("/health", (c) => notAllowed(c, ["GET", "HEAD"]));

  app.get("/texts/:language", (c) => languageTexts(c, parts));
  app.get("/files/:name", (c) => clientFile(c, parts));
  app.get("/:id", (c) => c.req.method === "HEAD" ? headPage(c, parts) : openPage(c, parts));
  app.post("/:id", (c) => openPage(c, parts));
  app.post("/:id/passes", (c) => createPass(c, parts));
  app.post("/:id/join", (c) => joinVisit(c, parts));
  app.get("/:id/status", (c) => visitStatus(c, parts));
  app.post("/:id/end", (c) => endVisit(c, parts));
  app.post("/:id/events", (c) => recordEvents(c, parts));

  app.all("/texts/:language", (c) => notAllowed(c, ["GET", "HEAD"]));
  app.all("/files/:name", (c) => notAllowed(c, ["GET", "HEAD"]));
  app.all("/:id", (c) => notAllowed(c, ["GET", "HEAD", "POST"]));
  app.all("/:id/status", (c) => notAllowed(c, ["GET", "HEAD"]));
  for (const path of ["passes", "join", "end", "events"]) {
    app.all(`/:id/${path}`, (c) => notAllowed(c, ["POST"]));
  }
  root.notFound((c) => problemResponse(c, policy, { name: "visit-not-found", reason: "no-route" }));
  root.onError((error, c) => {
    c.get("notes").error = error.name;
    return problemResponse(c, policy, { name: "upstream-unavailable", reason: "unforeseen" });
  });
  return root;

  function notAllowed(c: AppContext, allow: readonly string[]) {
    return problemResponse(c, policy, {
      name: "method-not-allowed",
      allow: [...allow, "OPTIONS"],
    });
  }
}
