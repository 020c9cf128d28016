/**
 * Makes one call after the other and prints how many succeeded: each must carry pictures and sound in
 * both directions. Stops at the first that does not; nothing is retried.
 *
 *   deno run -A tests/chime/twenty.ts [calls]
 */
import { withCallers } from "../support/chime/with_callers.ts";

const calls = Number(Deno.args[0] ?? "20");
const say = (text: string) => Deno.stdout.write(new TextEncoder().encode(`${text}\n`));

for (let call = 1; call <= calls; call++) {
  const began = performance.now();
  await withCallers(async ({ enter }) => {
    const doctor = await enter("doctor");
    const patient = await enter("patient");
    await Promise.all([
      doctor.untilFramesAdvance(["patient"]),
      patient.untilFramesAdvance(["doctor"]),
      doctor.untilHears([patient.tone], [doctor.tone]),
      patient.untilHears([doctor.tone], [patient.tone]),
    ]);
    const [first, second] = [await doctor.state(), await patient.state()];
    const rounded = (milliseconds: number | null) => Math.round(milliseconds ?? NaN);
    await say(
      `call ${call} of ${calls}: started after ${rounded(first.startMs)} and ` +
        `${rounded(second.startMs)} ms, seconds in all ` +
        ((performance.now() - began) / 1000).toFixed(1),
    );
  });
}
await say(`${calls} calls in a row succeeded`);
