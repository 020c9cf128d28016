import { deepEqual, equal } from "node:assert/strict";
import { readNetworkReport } from "./monitor.ts";

Deno.test("reports of others about their network are validated", () => {
  const word = (text: string) =>
    readNetworkReport(
      { senderExternalUserId: "u", text: () => text } as Parameters<typeof readNetworkReport>[0],
    );
  deepEqual(word('{"rung":1,"poor":true}'), { sender: "u", rung: 1, poor: true });
  const bad = ["", "null", "[]", '{"rung":-1,"poor":true}', '{"rung":"map","poor":true}'];
  for (const text of [...bad, '{"rung":1}', '{"rung":9,"poor":false}']) equal(word(text), null);
});
