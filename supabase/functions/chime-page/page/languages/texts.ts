/** The shape of one language: every text the page can show, so that a missing one does not compile. */
import type { ClientTexts } from "../data.ts";

/** Names of the problems a person can meet; the last part of a problem's `type` URI. */
export type ProblemName =
  | "unauthenticated"
  | "pass-spent"
  | "pass-expired"
  | "visit-not-found"
  | "too-early"
  | "visit-over"
  | "visit-cancelled"
  | "video-disabled"
  | "not-allowed"
  | "busy"
  | "upstream-unavailable"
  | "misconfigured"
  | "bad-request"
  | "payload-too-large"
  | "method-not-allowed"
  | "rate-limited"
  | "not-prefetched";

/** What one problem says: what happened, what it means, and what to do now. */
export interface ProblemText {
  readonly title: string;
  readonly detail: string;
  readonly nextStep: string;
}

/** A text for every problem. */
export type ProblemTexts = Readonly<Record<ProblemName, ProblemText>>;

/**
 * Texts of the markup. `{name}` stands for a person's name, `{time}` for a point in time or a
 * duration.
 */
export interface PageTexts {
  /** Title of every document. It names nobody: titles show in app switchers and histories. */
  readonly documentTitle: string;
  readonly visitWith: string;
  /** Heading when nobody else is invited. */
  readonly visit: string;
  readonly when: string;
  readonly who: string;
  readonly nextOpen: string;
  readonly nextWaiting: string;
  readonly noScript: string;
  readonly peopleInCall: string;
  readonly controls: string;
  readonly microphone: string;
  readonly camera: string;
  readonly leave: string;
  readonly close: string;
  /** Small print of a problem page: the id to tell to whoever helps. */
  readonly reference: string;
  readonly tryAgain: string;
  /** `{time}`: when a visit opens. */
  readonly opensAt: string;
  /** `{time}`: a countdown such as 12:05. */
  readonly opensIn: string;
  readonly joinTitle: string;
  readonly joinDetail: string;
  readonly joinButton: string;
}

/** One complete language. */
export interface LanguageTexts {
  readonly page: PageTexts;
  readonly client: ClientTexts;
  readonly problems: ProblemTexts;
}
