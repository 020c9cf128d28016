import assert from "node:assert/strict";
import { hashSecret, isSecret, newSecret } from "./secrets.ts";

Deno.test("a secret is 256 bits of base64url and never the same twice", () => {
  const secrets = new Set(Array.from({ length: 200 }, newSecret));
  assert.equal(secrets.size, 200);
  for (const secret of secrets) {
    assert.ok(isSecret(secret), secret);
    assert.equal(atob(secret.replaceAll("-", "+").replaceAll("_", "/")).length, 32);
  }
});

Deno.test("what can't be a secret is told without asking the database", () => {
  for (
    const text of ["", "a", "a".repeat(42), "a".repeat(44), `${"a".repeat(42)}=`, "é".repeat(43)]
  ) {
    assert.equal(isSecret(text), false, text);
  }
});

Deno.test("the kept form is the SHA-256 in lower-case hex", async () => {
  assert.equal(
    await hashSecret("abc"),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});
