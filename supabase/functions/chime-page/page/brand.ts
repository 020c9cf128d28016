/**
 * A clinic's name, logo and colour on every page. The colour is a second style element, whose hash is
 * known at startup. Unlike a value set by the client, it applies from the first paint, without
 * scripts, and on problem pages.
 */
import { createHash } from "node:crypto";

/** The clinic's name, logo and colours. All of them are optional. */
export interface Brand {
  /** Shown above the visit. */
  readonly name: string | null;
  /** A picture as a `data:` URL, the only kind of image that the policy of a document allows. */
  readonly logo: string | null;
  /** Style text with its CSP source (`sha256-…`, without quotes); null: the page's own colours. */
  readonly style: { readonly css: string; readonly hash: string } | null;
}

/** No name, the page's own colours. */
export const NO_BRAND: Brand = { name: null, logo: null, style: null };

type Rgb = readonly [number, number, number];

// The backgrounds behind the accent colour in base.css with the least contrast in each theme.
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

/** The readable colour nearest to the clinic's own, mixed with black or white if necessary. */
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
  // One of the two is always readable: every colour has a contrast of 4.5 with black or white.
  const on = contrast(accent, WHITE) >= CONTRAST ? WHITE : BLACK;
  return `--accent:${hex(accent)};--on-accent:${hex(on)}`;
}

/** The settings; `logo` is a `data:` URL. */
export interface BrandSettings {
  readonly name?: string | undefined;
  readonly logo?: string | undefined;
  /**
   * `#rrggbb`. Text in and on this colour has a contrast of at least 4.5 to 1 in both themes. If
   * necessary, a lighter or darker shade is used.
   */
  readonly colour?: string | undefined;
}

/** Creates the brand once, at startup. */
export function createBrand({ name = "", logo, colour }: BrandSettings): Brand {
  const shown = { name: name === "" ? null : name, logo: logo ?? null };
  if (colour === undefined) return { ...shown, style: null };
  const own = rgb(colour);
  const light = tokens(readable(own, LIGHT_GROUND, BLACK));
  const bright = readable(own, DARK_GROUND, WHITE);
  // The stage is dark in both themes.
  const css = `:root{${tokens(bright)};--bright:${hex(bright)}}` +
    `@media (prefers-color-scheme:light){:root:not([data-theme=dark]){${light}}}` +
    `:root[data-theme=light]{${light}}`;
  const hash = `sha256-${createHash("sha256").update(css).digest("base64")}`;
  return { ...shown, style: { css, hash } };
}
