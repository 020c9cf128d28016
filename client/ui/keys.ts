/** Keys for the microphone and the camera: M and V, or Ctrl+D and Ctrl+E as in Google Meet. */

/** Buttons of each key: in the call and in the lobby. */
const BUTTONS = { m: ["mic", "try-mic"], v: ["camera", "try-camera"] } as const;
type Key = keyof typeof BUTTONS;
/** With Ctrl or, on Macs, Command. */
const WITH_CONTROL: Readonly<Record<string, Key>> = { d: "m", e: "v" };

/** What a key press needs to be told apart; a `KeyboardEvent` fits. */
export type Press = Pick<
  KeyboardEvent,
  "key" | "code" | "altKey" | "ctrlKey" | "metaKey" | "shiftKey" | "repeat" | "isComposing"
>;

/**
 * Returns what a key press controls: `m` the microphone, `v` the camera. Pure.
 * @param typing whether the focus is in a field, where letters are text
 */
export function keyOf(press: Press, typing: boolean): Key | null {
  const { key, code, altKey, ctrlKey, metaKey, shiftKey, repeat, isComposing } = press;
  if (altKey || shiftKey || repeat || isComposing) return null;
  // On keyboards of other scripts, such as Arabic, the key's position counts.
  const other = /^[^\0-\x7f]$/.test(key);
  const letter = (other ? code.replace("Key", "") : key).toLowerCase();
  if (ctrlKey !== metaKey) return WITH_CONTROL[letter] ?? null;
  if (ctrlKey || typing) return null;
  return letter === "m" || letter === "v" ? letter : null;
}

/** Connects the keys. They press the button that is shown, and do nothing if there is none. */
export function connectKeys(page: Document): void {
  const mac = /Mac/.test(navigator.userAgent);
  for (const [key, ids] of Object.entries(BUTTONS)) {
    const control = key === "m" ? "D" : "E";
    for (const id of ids) {
      const button = page.getElementById(id);
      button?.setAttribute(
        "aria-keyshortcuts",
        `${key.toUpperCase()} ${mac ? "Meta" : "Control"}+${control}`,
      );
      // A tooltip, for those who can point.
      if (button && matchMedia("(hover: hover)").matches) {
        button.title = `${key.toUpperCase()} · ${mac ? "⌘" : "Ctrl+"}${control}`;
      }
    }
  }
  page.addEventListener("keydown", (event) => {
    const { target } = event;
    const typing = target instanceof Element &&
      target.matches("input:not([type=radio]), textarea, select, [contenteditable]");
    const key = keyOf(event, typing);
    const button = key &&
      BUTTONS[key].map((id) => page.getElementById(id)).find((found) =>
        found !== null && found.getClientRects().length > 0
      );
    if (!button) return;
    event.preventDefault();
    button.click();
  });
}
