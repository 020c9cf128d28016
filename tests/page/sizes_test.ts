import { ok } from "node:assert/strict";
import { sizes } from "../../tools/sizes.ts";

for (const { name, bytes, budget } of sizes()) {
  Deno.test(`${name} takes at most ${budget} bytes with Brotli`, () => {
    ok(bytes <= budget, `${bytes} bytes`);
  });
}
