import { endAgainstJoin } from "./ends.ts";
import { hostileInputs } from "./inputs.ts";
import { killedProcesses } from "./kills.ts";
import { rushHour } from "./rush.ts";
import { parallelSpends } from "./spends.ts";
import { tokenAttacks } from "./tokens.ts";
import type { Attack } from "./report.ts";

/** The attacks, in the order in which they run. */
export const ATTACKS: Readonly<Record<string, Attack>> = {
  inputs: hostileInputs,
  tokens: tokenAttacks,
  spends: parallelSpends,
  ends: endAgainstJoin,
  kills: killedProcesses,
  rush: rushHour,
};
