/** The shape of one language: every text the page can show, so that a missing one does not compile. */
import type { ProblemName } from "../../_shared/problem.ts";
import type { CallTexts, DocumentTexts } from "../contract/page_data.ts";

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
  readonly noScript: string;
  readonly peopleInCall: string;
  readonly controls: string;
  readonly leave: string;
  readonly close: string;
  readonly chat: string;
  readonly closeChat: string;
  readonly chatEmpty: string;
  readonly message: string;
  readonly send: string;
  readonly tooLong: string;
  readonly more: string;
  /** The choice of the page's language. */
  readonly language: string;
  readonly flipCamera: string;
  readonly shareScreen: string;
  /** A switch: sound from the loudspeaker instead of the earpiece. */
  readonly soundOutput: string;
  /** A switch: whoever speaks is shown large. */
  readonly oneLarge: string;
  readonly dataSaver: string;
  /** Three ways to take part, each with what it costs an hour. */
  readonly withVideo: string;
  readonly soundOnly: string;
  /** Heading of those three, for screen readers. */
  readonly howToJoin: string;
  readonly microphoneLevel: string;
  readonly whichMicrophone: string;
  readonly whichCamera: string;
  /** After a phone call took the sound: opens both again. */
  readonly restore: string;
  /** A switch: a light page instead of a dark one. */
  readonly lightColours: string;
  readonly moveSelf: string;
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
  readonly document: DocumentTexts;
  readonly call: CallTexts;
  readonly problems: ProblemTexts;
}
