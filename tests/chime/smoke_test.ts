import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { CREDENTIALS, withChime } from "../support/chime/control.ts";

const SCRIPT = fileURLToPath(new URL("../../dev/chime/smoke.ts", import.meta.url));

async function smoke(env: Record<string, string>) {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", SCRIPT],
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH") ?? "", HOME: Deno.env.get("HOME") ?? "", ...env },
  });
  const { code, stdout, stderr } = await command.output();
  return { code, said: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

Deno.test("the smoke test refuses to run without credentials, and names what is missing", async () => {
  const { code, said } = await smoke({ AWS_ACCESS_KEY_ID: "AKIDEXAMPLE" });
  assert.equal(code, 2);
  assert.match(said, /AWS_SECRET_ACCESS_KEY, CHIME_REGION/);
});

Deno.test("the smoke test passes against the stand-in, and leaves no meeting behind", () =>
  withChime(async (chime) => {
    const { code, said } = await smoke({
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      CHIME_REGION: "eu-central-1",
      CHIME_ENDPOINT: chime.url,
    });
    assert.equal(code, 0, said);
    assert.match(said, /an ended meeting is not found/);
    assert.deepEqual(chime.meetings().map((meeting) => meeting.ended?.reason), ["deleted"]);
  }));
