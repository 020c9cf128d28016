import assert from "node:assert/strict";
import { isLoopbackUrl, plainUrl, safeUrl } from "./urls.ts";

Deno.test("every loopback address is recognized", () => {
  for (
    const host of [
      "localhost",
      "LOCALHOST",
      "localhost.",
      "app.localhost",
      "127.0.0.1",
      "127.1",
      "127.0.0.2",
      "0x7f.1",
      "2130706433",
      "0.0.0.0",
      "[::1]",
      "[0:0:0:0:0:0:0:1]",
      "[::]",
      "[::ffff:127.0.0.1]",
    ]
  ) {
    assert.ok(isLoopbackUrl(`https://${host}/x`), host);
  }
  for (const host of ["example.org", "localhost.example.org", "128.0.0.1", "[2001:db8::1]"]) {
    assert.ok(!isLoopbackUrl(`https://${host}/x`), host);
  }
});

Deno.test("a URL that could break out of a header, a policy or markup is rejected", () => {
  for (
    const text of [
      "https://a.example/x\n",
      " https://a.example/x",
      "https://a.example/x y",
      "https://a.example/x\ty",
      "https://a.example/x;script-src *",
      "https://a.example;sandbox/x",
      "https://a.example/x,https://b.example",
      "https://a.example,b.example/",
      "https://a.example/x'self'",
      'https://a.example/x"onload',
      "https://a.example/<b>",
      "https://a.example/x#y",
      "https://a.example/x?y=1",
      "https://*.example/x",
      "https://user:secret@a.example/x",
      "https://user@a.example/x",
      "https:\\\\a.example\\x",
      "https:a.example",
      "//a.example/x",
      "ftp://a.example/x",
      "javascript:alert(1)",
      "https://a.example:99999/",
      "https://a.example/\u0000",
      "https://a.example/é",
      "https://",
      "",
    ]
  ) {
    assert.equal(safeUrl(text, "no-query"), undefined, JSON.stringify(text));
    assert.equal(plainUrl(text, "no-query"), undefined, JSON.stringify(text));
  }
});

Deno.test("a URL is normalized as browsers do", () => {
  assert.equal(safeUrl("https://A.Example:443/x/../y", "no-query"), "https://a.example/y");
  assert.equal(
    safeUrl("https://a.example/k?p=b2c&v=1", "with-query"),
    "https://a.example/k?p=b2c&v=1",
  );
  assert.equal(safeUrl("http://127.0.0.1:8000/x", "no-query"), "http://127.0.0.1:8000/x");
  assert.equal(safeUrl("https://[2001:db8::1]/x", "no-query"), "https://[2001:db8::1]/x");
  assert.equal(safeUrl("http://a.example/x", "no-query"), undefined);
  assert.equal(plainUrl("http://kong:8000", "no-query")?.href, "http://kong:8000/");
});
