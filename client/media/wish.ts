/**
 * What the person wants, apart from what their devices do: it is the same in the lobby and in each
 * call, and nothing but the person's own choice changes it. A device that is lost, refused, late or
 * opened afresh follows it.
 */
import { memory } from "./memory.ts";

/** The ways to take part: how much of the call a person takes. */
export const USES = ["video", "saver", "sound"] as const;
/** One of them. */
export type Use = typeof USES[number];

/** Held by the page from its beginning to its end. */
export interface Wish {
  /** To be heard. */
  microphone: boolean;
  /** To be seen, as far as `use` and `away` allow. */
  camera: boolean;
  use: Use;
  /** The app around the page is in the background: nobody is filmed meanwhile, whatever they want. */
  away: boolean;
}

/**
 * What was wanted before a reload, else everything.
 * @param key names the person and the visit: another visit in this tab begins anew
 */
export function keptWish(key: string): Wish {
  const kept = memory("sessionStorage", key) ?? "heard seen";
  const wants = (word: string) => kept.includes(word);
  return {
    microphone: wants("heard"),
    camera: wants("seen"),
    use: USES.find(wants) ?? "video",
    away: false,
  };
}

/** Keeps it over a reload. */
export function keepWish(key: string, { microphone, camera, use }: Wish): void {
  memory("sessionStorage", key, `${microphone && "heard"} ${camera && "seen"} ${use}`);
}

/** Whether the camera may be open. */
export const mayFilm = ({ camera, use, away }: Wish): boolean => camera && use !== "sound" && !away;
