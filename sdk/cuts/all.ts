/** The cuts in the order they are made; each sees a file as the ones before it have left it. */
import { codec } from "./codec.ts";
import type { Cut } from "./cut.ts";
import { effects } from "./effects.ts";
import { logs } from "./logs.ts";
import { modules } from "./modules.ts";
import { operators } from "./operators.ts";
import { userAgent } from "./user_agent.ts";
import { workerText } from "./worker_text.ts";
import { zlib } from "./zlib.ts";

/** Every cut there is. */
export const CUTS: readonly Cut[] = [
  modules,
  codec,
  zlib,
  userAgent,
  effects,
  workerText,
  logs,
  operators,
];
