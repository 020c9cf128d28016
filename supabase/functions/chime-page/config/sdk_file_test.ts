import assert from "node:assert/strict";
import { sdkFile } from "./sdk_file.ts";
import { SDK_FILES } from "./sdk_manifest.generated.ts";

const sri = `sha384-${"A".repeat(64)}`;

Deno.test("a bare CDN origin means the current file, with its hash from the manifest", () => {
  const { file, integrity } = SDK_FILES[0];
  const expected = { url: `https://cdn.example.org/${file}`, integrity };
  assert.deepEqual(sdkFile("https://cdn.example.org", undefined), expected);
  assert.deepEqual(sdkFile("https://cdn.example.org/", undefined), expected);
  assert.deepEqual(sdkFile(`https://cdn.example.org/a/${file}`, integrity), {
    url: `https://cdn.example.org/a/${file}`,
    integrity,
  });
});

Deno.test("a file that is not in the manifest needs a hash, and a known file accepts no other hash", () => {
  const url = "https://cdn.example.org/chime-sdk-9.9.9-ffff.min.js";
  assert.equal(sdkFile(url, undefined), undefined);
  assert.deepEqual(sdkFile(url, sri), { url, integrity: sri });
  assert.equal(sdkFile("https://cdn.example.org", sri), undefined);
});
