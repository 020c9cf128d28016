import assert from "node:assert/strict";
import { readProjectFile } from "../support/project.ts";

Deno.test("every claim of docs/security.md has a proof, and every proof is an existing test", async () => {
  const text = await readProjectFile("docs/security.md");
  const [claimed = ""] = text.split("## What else is good to know");
  const claims = claimed.split(/^- \*\*/m).slice(1);
  assert.ok(claims.length > 30);
  for (const claim of claims) {
    const proofs = [...claim.replace(/\s+/g, " ").matchAll(/- Proof: (\S+) "([^"]+)"/g)];
    assert.ok(proofs.length > 0, claim);
    for (const [, path = "", name = ""] of proofs) {
      const source = await readProjectFile(path);
      // An ellipsis stands for what differs between the cases of one test.
      for (const part of name.split("…")) assert.ok(source.includes(part), `${path}: ${name}`);
    }
  }
});
