import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "../../sdk/manifest.ts";
import { sizeTable } from "../../sdk/sizes.ts";
import { movePins } from "../../sdk/upgrade.ts";
import { SDK_FILES } from "../../supabase/functions/chime-page/config/sdk_manifest.generated.ts";
import { preparePlatform } from "../support/platform.ts";
import { deno, elsewhere } from "./support.ts";

const [current] = SDK_FILES;
const MANIFEST = "supabase/functions/chime-page/config/sdk_manifest.generated.ts";
// The previous version, in which every cut finds what it expects.
const OTHER = "3.31.0";

Deno.test("cdn:upgrade moves the project to another version, and back to the same bytes", () =>
  elsewhere(async (folder) => {
    const read = (path: string) => readFile(join(folder, path), "utf8");
    const known = async () => parse(await read(MANIFEST));
    const pins = ["deno.json", "client/deno.json", "dev/chime/deno.json"];
    const before = await Promise.all(pins.map(read));

    const moved = await deno(folder, ["run", "-A", "sdk/upgrade.ts", OTHER]);
    assert.ok(moved.success, moved.said);
    assert.match(moved.said, /^\| part \| before \| now \| change \|$/m);
    assert.match(moved.said, /^\| all \| [\d,]+ \| [\d,]+ \| [+-][\d,]+ \|$/m);
    for (const path of pins) {
      const text = await read(path);
      assert.ok(text.includes(`npm:amazon-chime-sdk-js@${OTHER}`), path);
      assert.ok(!text.includes(`amazon-chime-sdk-js@${current.sdkVersion}`), path);
    }
    const [first, second] = await known();
    assert.equal(first?.sdkVersion, OTHER);
    assert.deepEqual(second, current);

    const back = await deno(folder, ["run", "-A", "sdk/upgrade.ts", current.sdkVersion]);
    assert.ok(back.success, back.said);
    assert.deepEqual((await known()).map(({ file }) => file), [current.file, first?.file]);
    assert.deepEqual(await Promise.all(pins.map(read)), before);

    const lost = await deno(folder, ["run", "-A", "sdk/upgrade.ts", "3.19.0"]);
    assert.equal(lost.success, false);
    assert.match(lost.said, /Everything is as it was before/);
    assert.deepEqual(await Promise.all(pins.map(read)), before);
  }));

Deno.test("the platform's Deno builds the same bytes", async () => {
  const platform = await preparePlatform();
  try {
    await elsewhere(async (folder) => {
      const args = ["run", "-A", "--no-lock", "sdk/build.ts", "--check"];
      const { success, said } = await deno(folder, args, platform.deno);
      assert.ok(success, said);
      assert.ok(said.includes(current.file), said);
    });
  } finally {
    await platform.remove();
  }
});

Deno.test("pins of the SDK are changed in every form, and those of other packages are not", () => {
  const text = `"amazon-chime-sdk-js": "npm:amazon-chime-sdk-js@3.32.0",
"amazon-chime-sdk-js/": "npm:/amazon-chime-sdk-js@3.32.0/",
"x": "npm:amazon-chime-sdk-js@3.32.0/package.json", "y": "npm:amazon-chime-sdk@3.32.0"`;
  assert.equal(
    movePins(text, "4.0.1"),
    text.replaceAll("sdk-js@3.32.0", "sdk-js@4.0.1"),
  );
});

Deno.test("the table of sizes lists what changed, the largest change first", () => {
  const table = sizeTable({ task: 1000, pako: 500, logger: 7 }, { task: 1010, logger: 7, sdp: 20 });
  assert.deepEqual(table.split("\n").slice(2), [
    "| pako | 500 | 0 | -500 |",
    "| sdp | 0 | 20 | +20 |",
    "| task | 1,000 | 1,010 | +10 |",
    "| all | 1,507 | 1,037 | -470 |",
  ]);
});
