/** How a problem looks: the icon at the top of its page, and its tone. */
import type { ProblemName } from "../../_shared/problem.ts";
import type { FaceName } from "./icons.tsx";

/** Look of a problem page. */
export interface ProblemKind {
  readonly face: FaceName;
  /** `calm`: all is well, just wait. `plain`: the person can solve it. `warn`: somebody else must. */
  readonly tone: "calm" | "plain" | "warn";
  /** Whether somebody must be told, who then needs the reference. */
  readonly tell?: boolean;
}

/** For a page that is not about one of the problems. */
export const NO_KIND: ProblemKind = { face: "notice", tone: "plain" };

const LINK: ProblemKind = { face: "link", tone: "plain" };

/** The look of each problem. */
export const PROBLEM_KINDS: Readonly<Record<ProblemName, ProblemKind>> = {
  "too-early": { face: "clock", tone: "calm" },
  "busy": { face: "hourglass", tone: "calm" },
  "rate-limited": { face: "hourglass", tone: "calm" },
  "visit-over": { face: "over", tone: "plain" },
  "visit-cancelled": { face: "cancelled", tone: "warn" },
  "video-disabled": { face: "no-video", tone: "plain" },
  "pass-spent": LINK,
  "pass-expired": LINK,
  "bad-request": LINK,
  "visit-not-found": { face: "search", tone: "plain" },
  "unauthenticated": { face: "person", tone: "plain" },
  "not-allowed": { face: "person", tone: "plain" },
  "browser-too-old": { face: "browser", tone: "warn" },
  "upstream-unavailable": { face: "cloud", tone: "warn", tell: true },
  "misconfigured": { face: "wrench", tone: "warn", tell: true },
  "visit-misconfigured": { face: "wrench", tone: "warn", tell: true },
  "method-not-allowed": NO_KIND,
  "payload-too-large": NO_KIND,
  "not-prefetched": NO_KIND,
};
