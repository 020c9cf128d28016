import assert from "node:assert/strict";
import { startChime } from "../../dev/chime/chime.ts";

Deno.test("a transcript can be sent by HTTP, and a malformed one is a bad request", async () => {
  const chime = await startChime({ credentials: [] });
  try {
    const post = (body: string) =>
      fetch(`${chime.url}/_chime/transcripts`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });
    const nobody = await post('{"attendee":"a","text":"hello"}');
    assert.equal(nobody.status, 202);
    assert.deepEqual(await nobody.json(), { heard: 0 });
    for (const body of ["{", "{}", '{"attendee":"a","text":""}', '{"attendee":1,"text":"x"}']) {
      const refused = await post(body);
      assert.equal(refused.status, 400, body);
      await refused.body?.cancel();
    }
  } finally {
    await chime.close();
  }
});
