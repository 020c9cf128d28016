/**
 * What the person wants, apart from what their devices do: it is the same in the lobby and in each
 * call, and nothing but the person's own choice changes it. A device that is lost, refused, late or
 * opened afresh follows it.
 */

/** How much of the call a person takes. */
export type Use = "video" | "saver" | "sound";

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

/** Before anybody has chosen anything. */
export const firstWish = (): Wish => ({
  microphone: true,
  camera: true,
  use: "video",
  away: false,
});

/** Whether the camera may be open. */
export const mayFilm = ({ camera, use, away }: Wish): boolean => camera && use !== "sound" && !away;
