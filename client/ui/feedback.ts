/** After the call: how it was, in one tap. Codes only, no words of anybody. */
import type { Texts } from "../i18n/texts.ts";
import { element } from "./view.ts";

/** The question after a call. */
export interface After {
  /** @param asked whether there was a call to ask about */
  show(asked: boolean): void;
}

/** What answers and the end of it lead to. */
export interface AfterDependencies {
  readonly texts: Texts;
  /** Telemetry `rating`: `{value: "good" | "bad"}`, then for a bad one its `issues`, codes joined by dots. */
  readonly rated: (data: Readonly<Record<string, string>>) => void;
}

/** Wires what the server rendered; hidden until `show`. */
export function createAfter(page: Document, dependencies: AfterDependencies): After {
  const part = (id: string) => element(page, id);
  const [rating, issues, thanks] = [part("rating"), part("issues"), part("thanks")];
  const chips = [...issues.querySelectorAll<HTMLElement>("[data-issue]")];
  const thank = () => {
    rating.hidden = issues.hidden = true;
    dependencies.texts.say(thanks, "thanks");
  };
  part("good").addEventListener("click", () => {
    dependencies.rated({ value: "good" });
    thank();
  });
  part("bad").addEventListener("click", () => {
    // Counted at once: who closes the page now has answered all the same.
    dependencies.rated({ value: "bad" });
    rating.hidden = true;
    issues.hidden = false;
    part("issues-title").focus();
  });
  chips.forEach((chip) =>
    chip.addEventListener("click", () => {
      chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
    })
  );
  part("issues-done").addEventListener("click", () => {
    const chosen = chips.filter((chip) => chip.getAttribute("aria-pressed") === "true")
      .map((chip) => chip.dataset["issue"]);
    // One code of at most 64 characters holds every issue there is.
    if (chosen.length > 0) dependencies.rated({ value: "bad", issues: chosen.join(".") });
    thank();
  });
  return {
    show(asked) {
      // Without a question there may still be the host's button.
      if (asked) part("after").hidden = false;
      rating.hidden = !asked;
      issues.hidden = true;
      dependencies.texts.say(thanks, null);
      chips.forEach((chip) => chip.setAttribute("aria-pressed", "false"));
    },
  };
}
