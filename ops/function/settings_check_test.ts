import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { checkSettings } from "./settings_check.ts";

const GOOD = {
  CHIME_SDK_CDN_URL: "https://cdn.example.org",
  AWS_ACCESS_KEY_ID: "key",
  AWS_SECRET_ACCESS_KEY: "secret",
  CHIME_PAGE_PUBLIC_URL: "https://visit.example.org/functions/v1/chime-page",
};
const listed = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([name, value]) => ({
    name,
    value: createHash("sha256").update(value).digest("hex"),
  }));
const fileOf = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([name, value]) => `${name}=${value}\n`).join("");

Deno.test("a complete project needs no file of settings", () => {
  const none = { missing: [], invalid: [], different: [] };
  assert.deepEqual(checkSettings(listed(GOOD), undefined), none);
  assert.deepEqual(checkSettings(listed(GOOD), fileOf(GOOD)), none);
});

Deno.test("required settings that the project lacks are missing", () => {
  assert.deepEqual(checkSettings([], undefined).missing, Object.keys(GOOD).sort());
});

Deno.test("values that the function would refuse are invalid, also local ones", () => {
  const file = fileOf({
    ...GOOD,
    CHIME_PAGE_LOBBY: "maybe",
    CHIME_PAGE_PUBLIC_URL: "http://127.0.0.1:54321/functions/v1/chime-page",
  });
  assert.deepEqual(checkSettings(listed(GOOD), file).invalid, [
    "CHIME_PAGE_LOBBY",
    "CHIME_PAGE_PUBLIC_URL",
  ]);
});

Deno.test("settings whose value is another or absent in the project differ", () => {
  const file = fileOf({ ...GOOD, AWS_ACCESS_KEY_ID: "new", CHIME_PAGE_LOBBY: "off" });
  assert.deepEqual(checkSettings(listed(GOOD), file).different, [
    "AWS_ACCESS_KEY_ID",
    "CHIME_PAGE_LOBBY",
  ]);
});

Deno.test("empty settings and those of the platform are not compared", () => {
  const file = `${fileOf(GOOD)}CHIME_PAGE_BRAND_NAME=\nSUPABASE_URL=http://127.0.0.1:54321\n`;
  const { invalid, different } = checkSettings(listed(GOOD), file);
  assert.deepEqual([...invalid, ...different], []);
});
