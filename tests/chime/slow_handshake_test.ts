import { createRequire } from "node:module";
import { withCallers } from "../support/chime/with_callers.ts";

/** The pure-JavaScript X25519 that werift makes its keys with, as werift itself loads it. */
const nacl = createRequire(createRequire(import.meta.url).resolve("werift"))("tweetnacl") as {
  box: { keyPair: () => unknown };
};

/** Longer than the 50 ms after which Chromium retransmits its part of the handshake. */
const SLOW_MS = 120;

Deno.test("a handshake slower than Chromium's retransmission still connects pictures and sound", async () => {
  const { keyPair } = nacl.box;
  nacl.box.keyPair = () => {
    const end = performance.now() + SLOW_MS;
    while (performance.now() < end);
    return keyPair();
  };
  try {
    await withCallers(async ({ enter }) => {
      const doctor = await enter("doctor");
      const patient = await enter("patient");
      await Promise.all([
        doctor.untilFramesAdvance(["patient"]),
        patient.untilFramesAdvance(["doctor"]),
        doctor.untilHears([patient.tone]),
        patient.untilHears([doctor.tone]),
      ]);
    });
  } finally {
    nacl.box.keyPair = keyPair;
  }
});
