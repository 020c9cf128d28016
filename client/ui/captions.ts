/**
 * Live captions, if the clinic starts a transcription of the meeting (`StartMeetingTranscription`).
 * That is the clinic's decision, so the page has no switch for it.
 */
import type { During } from "../media/guard.ts";
import type { AudioVideo } from "../media/sdk.ts";

export interface CaptionDependencies {
  /** Contains the captions; hidden while there are none. */
  readonly area: HTMLElement;
  /** Gets the class `captioned` while there are captions. */
  readonly app: HTMLElement;
  /** Name of an attendee, or null for a stranger, who gets no captions. */
  readonly nameOf: (attendeeId: string, externalUserId: string) => string | null;
}

export interface Captions {
  /** Shows the captions of a new session. */
  follow(audioVideo: AudioVideo, during: During): void;
  clear(): void;
}

/** The current speaker and the one before. */
const MAX_LINES = 2;
/** Shows only the end of long results. In characters. */
const MAX_LENGTH = 300;
/** Captions disappear this long after the last update. */
const HIDE_AFTER_MS = 8_000;

export function createCaptions({ area, app, nameOf }: CaptionDependencies): Captions {
  const lines = new Map<string, HTMLElement>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function clear(): void {
    clearTimeout(timer);
    lines.clear();
    area.replaceChildren();
    area.hidden = true;
    app.classList.remove("captioned");
  }
  /** Shows a result. Partial results are updated several times and keep their line. */
  function show(id: string, who: string, text: string): void {
    const line = lines.get(id) ?? area.ownerDocument.createElement("p");
    const last = [...text].slice(-MAX_LENGTH).join("");
    // The line takes the direction of the speech.
    const name = area.ownerDocument.createElement("bdi");
    name.textContent = who;
    line.replaceChildren(name, ": ", last);
    lines.set(id, line);
    for (const old of [...lines.keys()].slice(0, -MAX_LINES)) lines.delete(old);
    area.replaceChildren(...lines.values());
    area.hidden = false;
    app.classList.add("captioned");
    clearTimeout(timer);
    timer = setTimeout(clear, HIDE_AFTER_MS);
  }
  return {
    clear,
    follow(audioVideo, during) {
      audioVideo.transcriptionController?.subscribeToTranscriptEvent(during((event) => {
        if (!("results" in event)) return;
        for (const { resultId, alternatives: [best] } of event.results) {
          const speaker = best?.items[0]?.attendee;
          if (best === undefined || speaker === undefined) continue;
          const who = nameOf(speaker.attendeeId, speaker.externalUserId);
          if (who !== null) show(resultId, who, best.transcript);
        }
      }));
    },
  };
}
