/** Asks for a rating after the call. Sends only codes, no text. */
import type { Texts } from "../i18n/texts.ts";
import { element } from "./view.ts";

export interface Feedback {
  /** @param ask whether there was a call to rate */
  show(ask: boolean): void;
}

export interface FeedbackDependencies {
  readonly texts: Texts;
  /** Telemetry `rating`: `{value: "good" | "bad"}`, then `issues` of a bad call, joined by dots. */
  readonly rated: (data: Readonly<Record<string, string>>) => void;
}

/** Connects the question in the document. It is hidden until `show`. */
export function createFeedback(page: Document, dependencies: FeedbackDependencies): Feedback {
  const byId = (id: string) => element(page, id);
  const [rating, issues, thanks] = [byId("rating"), byId("issues"), byId("thanks")];
  const chips = [...issues.querySelectorAll<HTMLElement>("[data-issue]")];
  const thank = () => {
    rating.hidden = issues.hidden = true;
    dependencies.texts.say(thanks, "thanks");
  };
  byId("good").addEventListener("click", () => {
    dependencies.rated({ value: "good" });
    thank();
  });
  byId("bad").addEventListener("click", () => {
    // Sent now, in case the person closes the page before choosing issues.
    dependencies.rated({ value: "bad" });
    rating.hidden = true;
    issues.hidden = false;
    byId("issues-title").focus();
  });
  chips.forEach((chip) =>
    chip.addEventListener("click", () => {
      chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
    })
  );
  byId("issues-done").addEventListener("click", () => {
    const chosen = chips.filter((chip) => chip.getAttribute("aria-pressed") === "true")
      .map((chip) => chip.dataset["issue"]);
    // All issues together fit into one code of 64 characters.
    if (chosen.length > 0) dependencies.rated({ value: "bad", issues: chosen.join(".") });
    thank();
  });
  return {
    show(ask) {
      // Even without a question, the section may show the host's Done button.
      if (ask) byId("after").hidden = false;
      rating.hidden = !ask;
      issues.hidden = true;
      dependencies.texts.say(thanks, null);
      chips.forEach((chip) => chip.setAttribute("aria-pressed", "false"));
    },
  };
}
