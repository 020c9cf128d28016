/**
 * What the person wants, kept apart from the state of their devices. A wish applies in the lobby
 * and in every call, and only the person changes it. Devices follow it, also after they were lost,
 * refused or reopened.
 */
import { storage } from "./storage.ts";

/** How much data the person wants to use: full video, small video or audio only. */
export const USES = ["video", "saver", "sound"] as const;
/** One of {@link USES}. */
export type Use = typeof USES[number];

/** The person's choices, for as long as the page is open. */
export interface Wish {
  /** Whether they want to be heard. */
  microphone: boolean;
  /** Whether they want to be seen, if `use` and `away` allow it. */
  camera: boolean;
  use: Use;
  /** The host app is in the background, so the camera stays off. */
  away: boolean;
}

/**
 * Loads the wish from before a reload. By default everything is on.
 * @param key identifies the person and the visit
 */
export function loadWish(key: string): Wish {
  const saved = storage("sessionStorage", key) ?? "heard seen";
  const wants = (word: string) => saved.includes(word);
  return {
    microphone: wants("heard"),
    camera: wants("seen"),
    use: USES.find(wants) ?? "video",
    away: false,
  };
}

/** Saves the wish for a reload. */
export function saveWish(key: string, { microphone, camera, use }: Wish): void {
  storage("sessionStorage", key, `${microphone && "heard"} ${camera && "seen"} ${use}`);
}

/** Whether the camera should be open. */
export const wantsCamera = ({ camera, use, away }: Wish): boolean =>
  camera && use !== "sound" && !away;
