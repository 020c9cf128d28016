import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { methodNotAllowed } from "hono/method-not-allowed";
import { UUID_PATTERN } from "../_shared/uuid.ts";
import { SDK_FILES } from "./config/sdk_manifest.generated.ts";
import { VERSION } from "./config/version.ts";
import { cloudFrontProxy } from "./http/cloudfront_proxy.ts";
import { compression } from "./http/compression.ts";
import type { AppContext, AppEnv, Dependencies } from "./http/dependencies.ts";
import { errorEdge, ProblemError, refuse } from "./http/error_edge.ts";
import { chosenLanguage } from "./http/language.ts";
import { requestLog } from "./http/request_log.ts";
import { preflight } from "./http/security_headers.ts";
import { clientFile } from "./routes/assets.ts";
import { recordEvents } from "./routes/events.ts";
import { createPass } from "./routes/passes.ts";
import { preparePage } from "./routes/prepare.ts";
import { endVisit, joinVisit, visitStatus } from "./routes/session.ts";
import { languageTexts } from "./routes/texts.ts";
import { headPage, openPage } from "./routes/visit.ts";

/** Bytes. Enough for a batch of 50 events, or a form with an access token. */
const MAX_BODY_SIZE = 32 * 1024;

/** The platform keeps the function's name in the path. */
const BASE_PATH = "/chime-page";

const APPOINTMENT_ID = `:id{${UUID_PATTERN}}`;
/** Anything else in that place, except other routes. */
const NOT_AN_ID = ":id{(?!(?:health|prepare)$)[^/]+}";

type Handler = (c: AppContext, dependencies: Dependencies) => Response | Promise<Response>;

/**
 * Creates the function's app. Handlers return a response or throw a {@link ProblemError}, which the
 * error edge turns into a page for people or `application/problem+json` for programs.
 */
export function createApp(dependencies: Dependencies): Hono<AppEnv> {
  const { settings, tokens } = dependencies;
  const root = new Hono<AppEnv>({ strict: false });
  const answerError = errorEdge(settings);

  // On the root, so that responses outside the base path get the common headers and are logged too.
  root.use(cloudFrontProxy(settings.proxySecret));
  root.use(...compression());
  root.use(requestLog(dependencies));
  root.use(methodNotAllowed({
    app: root,
    onMethodNotAllowed: (_, methods) =>
      refuse({ name: "method-not-allowed", allow: [...methods, "OPTIONS"] }),
  }));
  // Everything after this may parse the URL.
  root.use(async (c, next) =>
    URL.canParse(c.req.url)
      ? await next()
      : refuse({ name: "bad-request", reason: "malformed-host" })
  );
  root.use(bodyLimit({
    maxSize: MAX_BODY_SIZE,
    onError: () => refuse({ name: "payload-too-large" }),
  }));
  root.use(chosenLanguage(settings));
  root.onError(answerError);
  // Returned, not thrown: methodNotAllowed ignores a 404 from a thrown error.
  root.notFound((c) =>
    answerError(new ProblemError({ name: "visit-not-found", reason: "no-route" }), c)
  );

  const app = root.basePath(BASE_PATH);
  app.use(preflight(tokens.headers));
  app.get(
    "/health",
    (c) => c.json({ status: "ok", version: VERSION, sdk: SDK_FILES[0].sdkVersion }),
  );
  app.get("/prepare", (c) => preparePage(c, settings));
  app.get("/texts/:language", languageTexts);
  app.get("/files/:name", clientFile);

  visit(
    "GET",
    "",
    (c) => c.req.method === "HEAD" ? headPage(c, settings) : openPage(c, dependencies),
  );
  visit("POST", "", openPage);
  visit("POST", "/passes", createPass);
  visit("POST", "/join", joinVisit);
  visit("GET", "/status", visitStatus);
  visit("POST", "/end", endVisit);
  visit("POST", "/events", recordEvents);
  return root;

  function visit(method: "GET" | "POST", path: string, handler: Handler) {
    app.on(method, `/${APPOINTMENT_ID}${path}`, (c) => handler(c, dependencies));
    app.on(
      method,
      `/${NOT_AN_ID}${path}`,
      () => refuse({ name: "bad-request", reason: "malformed-id" }),
    );
  }
}
