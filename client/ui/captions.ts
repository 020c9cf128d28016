/**
 * What is being said, in writing, wherever the clinic lets Amazon transcribe the meeting
 * (`StartMeetingTranscription`); who does is the clinic's affair, so the page has no switch for it.
 */
import type { During } from "../media/guard.ts";
import type { AudioVideo } from "../media/sdk.ts";

/** What captions are made with. */
export interface CaptionDependencies {
  /** Where they stand; hidden while nothing is said. */
  readonly area: HTMLElement;
  /** Makes room for them. */
  readonly app: HTMLElement;
  /** Who an attendee is; null for one who is not in this visit: nothing is shown as theirs. */
  readonly nameOf: (attendeeId: string, externalUserId: string) => string | null;
}

/** Captions of one call after the other. */
export interface Captions {
  follow(audioVideo: AudioVideo, during: During): void;
  clear(): void;
}

/** Results that are shown at a time: who speaks, and who spoke before. */
const SHOWN = 2;
/** What was said last of a result that never ends: more would cover the people. */
const LONGEST = 300;
/** A caption stays that long after the last word. */
const STAYS_MS = 8_000;

/** Nothing shows before somebody is transcribed. */
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
  /** A result is said again, better, until it is no longer partial: its line stays the same. */
  function say(id: string, who: string, text: string): void {
    const line = lines.get(id) ?? area.ownerDocument.createElement("p");
    const last = [...text].slice(-LONGEST).join("");
    const [name, words] = [who, last].map((part) => {
      const isolated = area.ownerDocument.createElement("bdi");
      isolated.textContent = part;
      return isolated;
    });
    line.replaceChildren(name ?? "", ": ", words ?? "");
    lines.set(id, line);
    for (const old of [...lines.keys()].slice(0, -SHOWN)) lines.delete(old);
    area.replaceChildren(...lines.values());
    area.hidden = false;
    app.classList.add("captioned");
    clearTimeout(timer);
    timer = setTimeout(clear, STAYS_MS);
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
          if (who !== null) say(resultId, who, best.transcript);
        }
      }));
    },
  };
}
