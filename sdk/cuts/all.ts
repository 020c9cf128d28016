import { codec } from "./codec.ts";
import type { Cut } from "./cut.ts";
import { effects } from "./effects.ts";
import { logs } from "./logs.ts";
import { workerText } from "./worker_text.ts";

/** Every cut, in the order in which they are applied. */
export const CUTS: readonly Cut[] = [codec, effects, workerText, logs];
