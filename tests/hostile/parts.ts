import { endAgainstJoin } from "./ends.ts";
import { hostileInputs } from "./inputs.ts";
import { killedProcesses } from "./kills.ts";
import { rushHour } from "./rush.ts";
import { parallelSpends } from "./spends.ts";
import { tokenAttacks } from "./tokens.ts";
import type { Part } from "./report.ts";

/** The parts, in the order in which they run. */
export const PARTS: Readonly<Record<string, Part>> = {
  inputs: hostileInputs,
  tokens: tokenAttacks,
  spends: parallelSpends,
  ends: endAgainstJoin,
  kills: killedProcesses,
  rush: rushHour,
};
