/** Keys for the microphone and the camera: M and V, or Ctrl+D and Ctrl+E as in Google Meet. */

/** Buttons of each key: in the call and in the lobby. */
const BUTTONS = { m: ["mic", "try-mic"], v: ["camera", "try-camera"] } as const;
type Key = keyof typeof BUTTONS;
/** With Ctrl or, on Macs, Command. */
const WITH_CONTROL: Readonly<Record<string, Key>> = { d: "m", e: "v" };

/** The parts of a `KeyboardEvent` that count. */
export type Press = Pick<
  KeyboardEvent,
  "key" | "code" | "altKey" | "ctrlKey" | "metaKey" | "shiftKey" | "repeat" | "isComposing"
>;

/**
 * Returns what a key press controls: `m` the microphone, `v` the camera. Pure.
 * @param typing whether the focus is in a field, where letters are text
 * @param mac whether Command takes the place of Ctrl, which edits text on Macs
 */
export function keyOf(press: Press, typing: boolean, mac = false): Key | null {
  const { key, code, ctrlKey, metaKey } = press;
  if (press.altKey || press.shiftKey || press.repeat || press.isComposing) return null;
  // On keyboards of other scripts, such as Arabic, the key's position counts.
  const other = /^[^\0-\x7f]$/.test(key);
  const letter = (other ? code.replace("Key", "") : key).toLowerCase();
  if (mac ? metaKey : ctrlKey) return WITH_CONTROL[letter] ?? null;
  if (ctrlKey || metaKey || typing) return null;
  return letter === "m" || letter === "v" ? letter : null;
}

/** Connects the keys. They press the button that is shown, and do nothing if there is none. */
export function connectKeys(page: Document): void {
  const mac = /Mac/.test(navigator.userAgent);
  page.addEventListener("keydown", (event) => {
    const { target } = event;
    const typing = target instanceof Element &&
      target.matches("input:not([type=radio]), textarea, select, [contenteditable]");
    const key = keyOf(event, typing, mac);
    const button = key &&
      BUTTONS[key].map((id) => page.getElementById(id)).find((found) =>
        found !== null && found.getClientRects().length > 0
      );
    if (!button) return;
    event.preventDefault();
    button.click();
  });
}
