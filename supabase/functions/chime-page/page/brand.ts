/**
 * A clinic's name, logo and colour on every page. The colour comes as a second style element whose hash is
 * known at start: it holds from the first paint on, also without scripts, and on problem pages too,
 * none of which a value set by the client would do.
 */
import { createHash } from "node:crypto";

/** What the settings say of the clinic; all of it may be missing. */
export interface Brand {
  /** Shown above the visit. */
  readonly name: string | null;
  /** A picture as a `data:` URL, which every document's policy allows and nothing else. */
  readonly logo: string | null;
  /** Style text with its CSP source (`sha256-…`, without quotes); null: the page's own colours. */
  readonly style: { readonly css: string; readonly hash: string } | null;
}

/** No name, the page's own colours. */
export const NO_BRAND: Brand = { name: null, logo: null, style: null };

type Rgb = readonly [number, number, number];

// The surfaces an accent stands on, in base.css; the worst for contrast of each theme.
const DARK_GROUND: Rgb = [0x22, 0x34, 0x3b];
const LIGHT_GROUND: Rgb = [0xe0, 0xea, 0xe8];
const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];
/** WCAG 2.2, 1.4.3: text of normal size. */
export const CONTRAST = 4.5;

function rgb(colour: string): Rgb {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) =>
    parseInt(colour.slice(at, at + 2), 16)
  );
  return [red, green, blue];
}

const hex = (colour: Rgb) =>
  `#${colour.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;

/** Relative luminance (WCAG 2.2, definition). */
function luminance(colour: Rgb): number {
  const [red = 0, green = 0, blue = 0] = colour.map((part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast ratio of two colours, 1 to 21. */
function contrast(one: Rgb, two: Rgb): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(two)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** The colour nearest to a clinic's own that can be read on a ground: moved towards black or white. */
function readable(colour: Rgb, ground: Rgb, towards: Rgb): Rgb {
  for (let share = 0; share < 1; share += 0.02) {
    const mix = (index: 0 | 1 | 2) =>
      Math.round(colour[index] + (towards[index] - colour[index]) * share);
    const mixed: Rgb = [mix(0), mix(1), mix(2)];
    if (contrast(mixed, ground) >= CONTRAST) return mixed;
  }
  return towards;
}

function tokens(accent: Rgb): string {
  // One of the two always reads: black and white together leave no gap at 4.5.
  const on = contrast(accent, WHITE) >= CONTRAST ? WHITE : BLACK;
  return `--accent:${hex(accent)};--on-accent:${hex(on)}`;
}

/** What the settings may say; `logo` is a `data:` URL. */
export interface BrandSettings {
  readonly name?: string | undefined;
  readonly logo?: string | undefined;
  /**
   * `#rrggbb`; whichever it is, text in it and on it keeps a contrast of 4.5 to 1 in both themes, if
   * need be by a lighter or darker shade.
   */
  readonly colour?: string | undefined;
}

/** Makes the brand once, at start. */
export function createBrand({ name = "", logo, colour }: BrandSettings): Brand {
  const shown = { name: name === "" ? null : name, logo: logo ?? null };
  if (colour === undefined) return { ...shown, style: null };
  const own = rgb(colour);
  const light = tokens(readable(own, LIGHT_GROUND, BLACK));
  const css = `:root{${tokens(readable(own, DARK_GROUND, WHITE))}}` +
    `@media (prefers-color-scheme:light){:root:not([data-theme=dark]){${light}}}` +
    `:root[data-theme=light]{${light}}`;
  const hash = `sha256-${createHash("sha256").update(css).digest("base64")}`;
  return { ...shown, style: { css, hash } };
}
