/**
 * Types for the texts of one language. A missing text does not compile.
 * @module
 */
import type { ProblemName } from "../../_shared/problem.ts";
import type { CallTexts, DocumentTexts } from "../contract/text_keys.ts";

/** The texts of a problem: what happened, what it means, and what to do now. */
export interface ProblemText {
  readonly title: string;
  readonly detail: string;
  readonly nextStep: string;
}

/** The texts of all problems. */
export type ProblemTexts = Readonly<Record<ProblemName, ProblemText>>;

/** Texts of the markup. Placeholders: `{name}` is a person's name, `{time}` a time or a duration. */
export interface PageTexts {
  /** Title of every document. Without names, because titles appear in app switchers and histories. */
  readonly documentTitle: string;
  readonly noScript: string;
  readonly peopleInCall: string;
  readonly controls: string;
  /** Label of the timer, for screen readers. */
  readonly callTime: string;
  readonly leave: string;
  readonly close: string;
  readonly chat: string;
  readonly closeChat: string;
  readonly chatEmpty: string;
  /** Button: scrolls to the messages that arrived below. */
  readonly newMessages: string;
  readonly message: string;
  readonly send: string;
  readonly tooLong: string;
  readonly more: string;
  /** For people with a keyboard: the keys for microphone and camera. */
  readonly shortcuts: string;
  /** Label of the page's language selector. */
  readonly language: string;
  readonly flipCamera: string;
  readonly shareScreen: string;
  /** Switch: play sound through the loudspeaker instead of the earpiece. */
  readonly soundOutput: string;
  /** Switch: enlarge the active speaker. */
  readonly oneLarge: string;
  readonly dataSaver: string;
  /** Heading of the ways to join, for screen readers. */
  readonly howToJoin: string;
  readonly microphoneLevel: string;
  readonly whichMicrophone: string;
  readonly whichCamera: string;
  readonly whichSpeaker: string;
  /** Button: turns microphone and camera back on after a phone call interrupted them. */
  readonly restore: string;
  /** Label of the choice of theme. */
  readonly theme: string;
  readonly themeLight: string;
  readonly themeDark: string;
  /** The theme of the device. */
  readonly themeSystem: string;
  readonly moveSelf: string;
  readonly hideSelf: string;
  /** Button instead of the person's own video: the others still see them. */
  readonly showSelf: string;
  readonly captions: string;
  readonly sharing: string;
  readonly stopSharing: string;
  readonly leaveTitle: string;
  readonly endForAll: string;
  readonly stay: string;
  readonly endFailed: string;
  readonly howWas: string;
  readonly good: string;
  readonly bad: string;
  readonly whatWasWrong: string;
  readonly notHeard: string;
  readonly noSound: string;
  readonly badPicture: string;
  readonly brokeOff: string;
  readonly somethingElse: string;
  readonly done: string;
  readonly closeVisit: string;
  /** Label of the request id on a problem page, for support. */
  readonly reference: string;
  readonly tryAgain: string;
  /** Button of the page of a visit that opens later. */
  readonly checkAgain: string;
  /** Heading of the next step of a problem. */
  readonly whatToDo: string;
  /** `{time}` is when joining opens. */
  readonly opensAt: string;
  /** `{time}` is a countdown such as 2 h 33 min or 9:59. */
  readonly opensIn: string;
  /** The countdown is over. */
  readonly openingNow: string;
  /** The countdown is over, but the server does not answer. */
  readonly noConnection: string;
  readonly joinTitle: string;
  readonly joinDetail: string;
  readonly joinButton: string;
}

/** All texts of one language. */
export interface LanguageTexts {
  readonly page: PageTexts;
  readonly document: DocumentTexts;
  readonly call: CallTexts;
  readonly problems: ProblemTexts;
}
