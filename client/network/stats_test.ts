import { deepEqual, equal } from "node:assert/strict";
import { countersOf, sampleOf } from "./stats.ts";

Deno.test("a second of the network is computed from the browser's statistics", () => {
  const moment = (at: number, grow: number, voice = 48) =>
    countersOf([
      { type: "candidate-pair", timestamp: at, bytesSent: 10, bytesReceived: 5 },
      {
        type: "candidate-pair",
        timestamp: at,
        bytesSent: 1000 * grow,
        bytesReceived: 500 * grow,
        currentRoundTripTime: 0.4,
        availableOutgoingBitrate: 300_000,
      },
      { type: "remote-inbound-rtp", timestamp: at, fractionLost: 0.02 },
      { type: "remote-inbound-rtp", timestamp: at, fractionLost: 0.2 },
      {
        type: "inbound-rtp",
        timestamp: at,
        kind: "audio",
        packetsReceived: voice * grow,
        packetsLost: voice * grow / 3,
        totalSamplesReceived: 48_000 * grow,
        concealedSamples: 12_000 * grow,
        silentConcealedSamples: 2_000 * grow,
      },
    ]);
  const before = moment(1000, 1);
  equal(before.bytes, 1500);
  deepEqual(sampleOf(before, moment(2000, 2)), {
    rtt: 400,
    available: 300,
    lossUp: 0.2,
    lossDown: 0.25,
    gaps: 0.25,
    sent: 8,
    received: 4,
  });
  // Between words little is sent: concealed silence is not a gap.
  const resting = sampleOf(moment(1000, 1, 3), moment(2000, 2, 3)).gaps;
  equal(resting, (12_000 - 2_000) / 48_000);
  // An engine without these statistics reports no problem.
  const blank = countersOf([{ type: "inbound-rtp", timestamp: 0 }]);
  const still = { lossUp: 0, lossDown: 0, gaps: 0, sent: 0, received: 0 };
  const nothing = { rtt: null, available: null, ...still };
  deepEqual(sampleOf(blank, blank), nothing);
});
