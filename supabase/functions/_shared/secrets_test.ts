import assert from "node:assert/strict";
import { hashSecret, isSecret, newSecret } from "./secrets.ts";

Deno.test("a secret is 256 bits of base64url and never repeats", () => {
  const secrets = new Set(Array.from({ length: 200 }, newSecret));
  assert.equal(secrets.size, 200);
  for (const secret of secrets) {
    assert.ok(isSecret(secret), secret);
    assert.equal(atob(secret.replaceAll("-", "+").replaceAll("_", "/")).length, 32);
  }
});

Deno.test("strings in any other format are not secrets", () => {
  for (
    const text of ["", "a", "a".repeat(42), "a".repeat(44), `${"a".repeat(42)}=`, "é".repeat(43)]
  ) {
    assert.equal(isSecret(text), false, text);
  }
});

Deno.test("a secret is hashed with SHA-256 in lowercase hex", () => {
  assert.equal(
    hashSecret("abc"),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});
