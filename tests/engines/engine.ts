/// <reference lib="dom" />
/** The browser engines besides the one that all other tests run on. */
import { poll } from "../support/patience.ts";

/** What people may be asked for: how camera and microphone prompts are answered. */
export type Permission = "allow" | "deny";

/** An engine that runs. */
export interface Engine {
  /** Opens a phone of its own, with storage of its own, at an address. */
  open(url: string): Promise<EnginePage>;
  close(): Promise<void>;
}

/** A page, whatever drives its engine. */
export interface EnginePage {
  /** Everything that the page or the engine has complained about. */
  readonly complaints: readonly string[];
  /** Runs a function in the page, which must not use anything around it. */
  evaluate<T>(read: () => T | Promise<T>): Promise<T>;
  evaluate<T, Value>(read: (value: Value) => T | Promise<T>, value: Value): Promise<T>;
  /** Taps an element as a person does. */
  press(selector: string): Promise<void>;
  /** Types a text into the element that has the focus, and Enter. */
  enter(text: string): Promise<void>;
  reload(): Promise<void>;
  close(): Promise<void>;
}

/** A point of the viewport, in CSS pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Waits until an element can be tapped, and returns its center. */
export async function placeOf(page: Pick<EnginePage, "evaluate">, selector: string) {
  const find = () => page.evaluate(findPlace, selector);
  return await poll<Point | null>(`a place to tap ${selector}`, find, (point) => point !== null) ??
    { x: 0, y: 0 };
}

/** Runs in the page. Null while the element is hidden or covered. */
function findPlace(selector: string): Point | null {
  const target = document.querySelector(selector);
  target?.scrollIntoView({ block: "nearest" });
  const box = target?.getBoundingClientRect();
  if (!target || !box || box.width === 0) return null;
  const point = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  return target.contains(document.elementFromPoint(point.x, point.y)) ? point : null;
}

/** Source of an expression that runs a function in a page, and is a promise of its result as JSON. */
export function sourceOf(read: unknown, value: unknown): string {
  return `(async () => JSON.stringify(await (${read})(${JSON.stringify(value)})))()`;
}
