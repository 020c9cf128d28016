import { PROXY_SECRET_HEADER } from "../../supabase/functions/chime-page/http/cloudfront_proxy.ts";
import type { Random } from "../support/random.ts";
import type { WireRequest } from "./wire.ts";
import type { Asked } from "./answers.ts";
import { eventsBody, type FixtureVisit, formBody, oddBody } from "./input_bodies.ts";
import { addBrowserHeaders } from "./input_headers.ts";
import { BREAKOUT, CANARY } from "./canary.ts";

/** What requests may name: things that exist, so that not all of them are refused at once. */
export interface Fixtures {
  readonly visits: readonly [FixtureVisit, ...FixtureVisit[]];
  /** Visits that cannot be joined: too early, over, cancelled, without video. */
  readonly closed: readonly [FixtureVisit, ...FixtureVisit[]];
  /** Tokens that are signed and still invalid. */
  readonly badTokens: readonly [string, ...string[]];
  /** The project's public key. */
  readonly publicKey: string;
  /** File names below `files/`. */
  readonly files: readonly [string, ...string[]];
}

/** A hostile request, and what its response is checked against. */
export interface InputCase extends WireRequest, Asked {}

const SUBPATHS = ["", "/passes", "/join", "/status", "/end", "/events"] as const;

const ODD_SUBPATHS = [
  "/",
  "/unknown",
  "/status/",
  "/%73tatus",
  "//status",
  "/join/../../health",
  "/events;x=1",
  "/passes%00",
  "/end%2f",
  `/${CANARY}`,
] as const;

const OUTSIDE = [
  "/",
  "//x/y",
  "/x",
  "/favicon.ico",
  "/.well-known/security.txt",
  "/functions/v1/chime-page/health",
  "/chime-pages/health",
  "/CHIME-PAGE/health",
  "/chime-page/../etc/passwd",
  "/chime-page/%2e%2e/%2e%2e/etc/passwd",
  "/chime-page/..%5c..%5cwindows",
  "/chime-page//health",
  "/%63hime-page/health",
  "/chime-page/%",
  "/chime-page/%zz",
  "/chime-page/%ff%fe",
  "/chime-page/%00",
  "/chime-page/%c0%ae%c0%ae/",
  `/${CANARY}/${CANARY}`,
  `/chime-page/${CANARY}`,
  `/chime-page/${encodeURIComponent(BREAKOUT)}`,
  "/chime-page/__proto__",
  "/chime-page/constructor/status",
] as const;

const METHODS = [
  "PUT",
  "DELETE",
  "PATCH",
  "OPTIONS",
  "HEAD",
  "TRACE",
  "PROPFIND",
  "get",
  CANARY,
] as const;

/** Builds one request, entirely at random. */
export function makeCase(random: Random, fixtures: Fixtures): InputCase {
  const visit = random.chance(0.75) ? random.pick(fixtures.visits) : random.pick(fixtures.closed);
  const { path, usual } = choosePath(random, fixtures, visit);
  const method = random.chance(0.85) ? usual : random.pick(METHODS);
  const headers: [string, string][] = [];
  const query = chooseQuery(random, visit);
  const body = method === "POST" || random.chance(0.1)
    ? chooseBody(random, path, visit, headers)
    : undefined;
  addCredentials(random, fixtures, visit, headers);
  const prefetch = addBrowserHeaders(random, headers);
  return { method, target: path + query, headers, body, canary: CANARY, prefetch };
}

function choosePath(random: Random, fixtures: Fixtures, visit: FixtureVisit) {
  const kind = random.next();
  if (kind < 0.12) return { path: random.pick(OUTSIDE), usual: random.pick(["GET", "POST"]) };
  if (kind < 0.14) {
    const long = CANARY.repeat(1 + random.below(600));
    return { path: `/chime-page/${random.pick(["", `${visit.id}/`])}${long}`, usual: "GET" };
  }
  if (kind < 0.2) {
    const language = random.pick(["en", "fr", "ar", "xx", "__proto__", "%00", CANARY]);
    return { path: `/chime-page/texts/${language}`, usual: "GET" };
  }
  if (kind < 0.26) {
    const file = random.pick([...fixtures.files, "__proto__", "..%2findex.ts", `${CANARY}.js`]);
    return { path: `/chime-page/files/${file}`, usual: random.pick(["GET", "GET", "POST"]) };
  }
  if (kind < 0.28) return { path: "/chime-page/health", usual: "GET" };
  const id = random.chance(0.85) ? visit.id : oddId(random, visit);
  const sub = random.chance(0.9) ? random.pick(SUBPATHS) : random.pick(ODD_SUBPATHS);
  const isGet = sub === "/status" || (sub === "" && random.chance(0.7));
  return { path: `/chime-page/${id}${sub}`, usual: isGet ? "GET" : "POST" };
}

function oddId(random: Random, visit: FixtureVisit): string {
  return random.pick([
    random.uuid(),
    visit.id.toUpperCase(),
    `${visit.id}%20`,
    `${visit.id}%0a`,
    `%7b${visit.id}%7d`,
    visit.id.slice(0, -1),
    "00000000-0000-0000-0000-000000000000",
    "1",
    "%27%20or%201%3d1--",
    encodeURIComponent(BREAKOUT),
    "\u00e9",
  ]);
}

function chooseQuery(random: Random, visit: FixtureVisit): string {
  if (random.chance(0.5)) return "";
  const odd = encodeURIComponent(random.pick([BREAKOUT, CANARY, "\u0000", "\ufffd", "%"]));
  const pass = random.pick([...visit.passes, odd, "a".repeat(43), CANARY.repeat(200), ""]);
  return random.pick([
    `?pass=${pass}`,
    `?pass=${pass}&pass=${odd}`,
    `?lang=${random.pick(["fr", "xx", odd, "__proto__"])}`,
    `?${odd}=${odd}`,
    "?%",
    "?&&==&",
    `?access_token=${visit.tokens[0]}&x=${CANARY}`,
    `?pass=${pass}&lang=${odd}&__proto__[x]=${CANARY}`,
  ]);
}

function chooseBody(
  random: Random,
  path: string,
  visit: FixtureVisit,
  headers: [string, string][],
): Uint8Array | string {
  const type = random.pick([
    "application/x-www-form-urlencoded",
    "text/plain;charset=UTF-8",
    "application/json",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/json; charset=shift_jis",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    `text/${CANARY}`,
    "",
  ]);
  const events = path.endsWith("/events");
  const right = events ? random.pick(["text/plain;charset=UTF-8", "application/json"]) : type;
  const sent = random.chance(0.7) ? right : type;
  if (sent !== "") headers.push(["Content-Type", sent]);
  if (random.chance(0.15)) return oddBody(random, CANARY);
  return events ? eventsBody(random, visit, CANARY) : formBody(random, visit, CANARY);
}

function addCredentials(
  random: Random,
  fixtures: Fixtures,
  visit: FixtureVisit,
  headers: [string, string][],
): void {
  const other = random.pick(fixtures.visits);
  const session = random.pick([visit.sessions[0], other.sessions[0], CANARY]);
  if (random.chance(0.65)) {
    const token = random.pick([
      ...visit.tokens,
      ...visit.tokens,
      ...visit.sessions,
      random.pick(other.tokens),
      random.pick(fixtures.badTokens),
      fixtures.publicKey,
      CANARY,
      `${CANARY}.${CANARY}.${CANARY}`,
      "a".repeat(9_000),
    ]);
    const scheme = random.pick([
      "Bearer ",
      "Bearer ",
      "Bearer ",
      "bearer  ",
      "Basic ",
      "",
      "Token ",
    ]);
    headers.push(["Authorization", `${scheme}${token}`]);
  }
  if (random.chance(0.3)) {
    headers.push([
      "Cookie",
      random.pick([
        `chime_page_session=${session}`,
        `chime_page_session=${session}; chime_page_session=${CANARY}`,
        `chime-page-language=${random.pick(["fr", "ar", CANARY, "__proto__"])}`,
        `__proto__=${CANARY}; ${CANARY}=${session}`,
        ";;;=;",
        `a=${"b".repeat(4_000)}`,
      ]),
    ]);
  }
  if (random.chance(0.1)) headers.push(["apikey", random.pick([fixtures.publicKey, CANARY])]);
  if (random.chance(0.05)) headers.push([PROXY_SECRET_HEADER, CANARY]);
}
