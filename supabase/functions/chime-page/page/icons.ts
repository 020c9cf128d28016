/** The page's icons: one hidden sheet of SVG symbols, used by `<use href="#i-…">`. 24x24, drawn by strokes. */
import { html, raw } from "hono/html";
import type { Markup } from "./markup.ts";

/** Names of the symbols. */
export type IconName = "mic" | "mic-off" | "camera" | "camera-off" | "leave" | "sound" | "close";

/** One icon; decoration only, the control beside it carries the words. */
export function icon(name: IconName, className = "icon"): Markup {
  return html`
    <svg class="${className}" aria-hidden="true" focusable="false">
      <use href="#i-${name}" />
    </svg>
  `;
}

/** One icon drawn in place, for documents without the sheet. */
export function drawnIcon(name: "clock" | "camera" | "notice"): Markup {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${
    raw(DRAWINGS[name])
  }</svg>`;
}

const DRAWINGS = {
  clock: '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>',
  camera: '<rect x="2.5" y="6" width="13" height="12" rx="3"/><path d="M15.5 11l6-3.5v9l-6-3.5"/>',
  notice: '<circle cx="12" cy="12" r="9"/><path d="M12 7.5v5.5M12 16.5v.01"/>',
} as const;

/** The sheet; stands once in the document, before its first use. */
export function iconSheet(): Markup {
  return html`
    <svg class="sheet" aria-hidden="true" width="0" height="0">
      <symbol id="i-mic" viewBox="0 0 24 24">
        <rect x="9" y="3" width="6" height="11" rx="3" />
        <path d="M5 11a7 7 0 0 0 14 0M12 18v3" />
      </symbol>
      <symbol id="i-mic-off" viewBox="0 0 24 24">
        <path
          d="M9 10v1a3 3 0 0 0 5 2M15 10V6a3 3 0 0 0-5.7-1.3M5 11a7 7 0 0 0 11 5.7M19 11a7 7 0 0 1-.6 2.800M12 18v3M4 4l16 16" />
      </symbol>
      <symbol id="i-camera" viewBox="0 0 24 24">
        <rect x="2.5" y="6" width="13" height="12" rx="3" />
        <path d="M15.5 11l6-3.5v9l-6-3.5" />
      </symbol>
      <symbol id="i-camera-off" viewBox="0 0 24 24">
        <path
          d="M10 6h2.5a3 3 0 0 1 3 3v2l6-3.5v9l-3-1.700M15.5 15.5a3 3 0 0 1-3 2.5h-7a3 3 0 0 1-3-3V9A3 3 0 0 1 5 6.100M3 3l18 18" />
      </symbol>
      <symbol id="i-leave" viewBox="0 0 24 24">
        <path
          d="M3.300 14.200c-.9-1-.9-2.400.1-3.300C5.800 8.6 8.800 7.5 12 7.5s6.200 1.100 8.6 3.400c1 .9 1 2.300.1 3.300l-.6.6a1.6 1.6 0 0 1-2 .2l-2-1.3a1.6 1.6 0 0 1-.7-1.700l.2-1a11.5 11.5 0 0 0-7.200 0l.2 1a1.6 1.6 0 0 1-.7 1.700l-2 1.3a1.6 1.6 0 0 1-2-.2z" />
      </symbol>
      <symbol id="i-sound" viewBox="0 0 24 24">
        <path d="M4 9.5v5h3.5L12 19V5L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11" />
      </symbol>
      <symbol id="i-close" viewBox="0 0 24 24">
        <path d="M6 6l12 12M18 6L6 18" />
      </symbol>
    </svg>
  `;
}
