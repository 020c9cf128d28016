import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { buildSdk, chosenSdk, ensureSdk, licensesName, SDK_DIRECTORY } from "../../sdk/build.ts";
import { bundle } from "../../sdk/bundle.ts";
import { CUTS } from "../../sdk/cuts/all.ts";
import { packagesOf } from "../../sdk/licenses.ts";
import { parse, render, type SdkFile, withCurrent } from "../../sdk/manifest.ts";
import { SDK_FILES } from "../../supabase/functions/chime-page/config/sdk_manifest.generated.ts";
import { BUDGETS } from "../../tools/sizes.ts";
import * as esbuild from "esbuild";
import { deno, elsewhere } from "./support.ts";

const MANIFEST = "supabase/functions/chime-page/config/sdk_manifest.generated.ts";
const [current] = SDK_FILES;

const build = (folder: string, ...args: string[]) =>
  deno(folder, ["run", "-A", "--quiet", "sdk/build.ts", ...args]);

/** Ensures the file in a copy of the project, as the stack does when it starts. */
async function ensure(folder: string): Promise<void> {
  const program = `import { ensureSdk } from "./sdk/build.ts"; await ensureSdk();`;
  await writeFile(join(folder, "ensure.ts"), program);
  const { success, said } = await deno(folder, ["run", "-A", "--quiet", "ensure.ts"]);
  assert.ok(success, said);
}

Deno.test("the file has its hash in its name and in the manifest, and is within its budget", async () => {
  const file = await buildSdk();
  assert.deepEqual(file, current, "the manifest is stale: run deno task cdn:build");
  const bytes = await readFile(`${SDK_DIRECTORY}${current.file}`);
  const hash = (algorithm: string) => createHash(algorithm).update(bytes);
  assert.equal(current.integrity, `sha384-${hash("sha384").digest("base64")}`);
  assert.match(current.file, /^chime-sdk-\d+\.\d+\.\d+-[0-9a-f]{16}\.min\.js$/);
  assert.ok(
    current.file.includes(`-${current.sdkVersion}-${hash("sha256").digest("hex").slice(0, 16)}`),
  );
  assert.equal(current.bytes, bytes.length);
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  assert.equal(current.brotliBytes, brotliCompressSync(bytes, { params }).length);
  assert.ok(current.bytes <= 600_000, `${current.bytes} bytes`);
  assert.ok(current.brotliBytes <= BUDGETS.sdkFile, `${current.brotliBytes} bytes with Brotli`);
});

Deno.test("a build in another folder gives the same bytes, and a stale manifest is refused", () =>
  elsewhere(async (folder) => {
    const { success, said } = await build(folder, "--check");
    assert.ok(success, said);
    const made = await readFile(join(folder, ".cache/cdn", current.file));
    assert.ok(made.equals(await readFile(`${SDK_DIRECTORY}${current.file}`)));
    assert.equal(
      await readFile(join(folder, ".cache/cdn", licensesName(current.file)), "utf8"),
      await readFile(`${SDK_DIRECTORY}${licensesName(current.file)}`, "utf8"),
    );

    // Loading the file builds it only if it is missing or damaged.
    const path = join(folder, ".cache/cdn", current.file);
    const built = (await stat(path)).mtimeMs;
    await ensure(folder);
    assert.equal((await stat(path)).mtimeMs, built);
    await writeFile(path, "damaged");
    await ensure(folder);
    assert.ok((await readFile(path)).equals(made));

    const manifest = join(folder, MANIFEST);
    const fresh = await readFile(manifest, "utf8");
    await writeFile(manifest, fresh.replace(`"bytes": ${current.bytes}`, `"bytes": 1`));
    const refused = await build(folder, "--check");
    assert.equal(refused.success, false);
    assert.match(refused.said, /The SDK manifest is stale: run deno task cdn:build/);

    // Another name gives another file; with --keep the old one stays in the manifest.
    await writeFile(manifest, fresh);
    const entry = join(folder, "sdk/entry.ts");
    const text = await readFile(entry, "utf8");
    await writeFile(entry, text.replace("export {", "export {\n  CSPMonitor,"));
    assert.ok((await build(folder, "--keep")).success);
    const [first, second] = parse(await readFile(manifest, "utf8"));
    assert.ok(first && first.file !== current.file);
    assert.deepEqual(second, current);
  }));

Deno.test("the environment chooses between the deployed file and the whole SDK", async () => {
  const choice = (value?: string) => chosenSdk({ get: () => value });
  assert.deepEqual(choice(), { cut: true });
  assert.deepEqual(choice("uncut"), { cut: false });
  assert.throws(() => choice("half"), /CHIME_PAGE_SDK/);
  const uncut = await ensureSdk({ cut: false });
  assert.match(uncut.file, /^chime-sdk-uncut-/);
  assert.ok(uncut.bytes > 2 * current.bytes);
  assert.deepEqual(await ensureSdk({ cut: false }), uncut);
  const names = await readdir(SDK_DIRECTORY);
  assert.ok(names.includes(uncut.file) && names.includes(licensesName(uncut.file)));
});

Deno.test("the licences file names every bundled package", async () => {
  const { parts } = await bundle(CUTS);
  await esbuild.stop();
  const packages = packagesOf(parts);
  assert.ok(packages.includes("pako") && packages[0] === "amazon-chime-sdk-js");
  const licenses = await readFile(`${SDK_DIRECTORY}${licensesName(current.file)}`, "utf8");
  const [banner = ""] = (await readFile(`${SDK_DIRECTORY}${current.file}`, "utf8")).split("\n");
  for (const name of packages) {
    assert.match(licenses, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, "m"));
    assert.ok(banner.includes(`${name} `), name);
  }
  // Notices that the licences require.
  for (
    const notice of [
      "Apache License",
      "Copyright Amazon.com, Inc. or its affiliates",
      "Vitaly Puzrin and Andrei Tuputcyn",
      "Jean-loup Gailly and Mark Adler",
      "Faisal Salman",
      "Damon Oehlman",
      "modified",
    ]
  ) assert.ok(licenses.includes(notice), notice);
  assert.match(banner, /^\/\*! .*modified.* \*\/$/);
});

Deno.test("the manifest names at most three files, the newest first", () => {
  const file = (name: string): SdkFile => ({ ...current, file: name });
  const names = (files: readonly SdkFile[]) => files.map((one) => one.file);
  assert.deepEqual(names(withCurrent([], file("a"), true)), ["a"]);
  assert.deepEqual(names(withCurrent([file("a")], file("b"), false)), ["b"]);
  assert.deepEqual(names(withCurrent([file("a")], file("b"), true)), ["b", "a"]);
  assert.deepEqual(names(withCurrent([file("b"), file("a")], file("b"), true)), ["b", "a"]);
  const three = [file("c"), file("b"), file("a")];
  assert.deepEqual(names(withCurrent(three, file("d"), true)), ["d", "c", "b"]);
  // An older version that is built again is the current one, and in the list only once.
  assert.deepEqual(names(withCurrent([file("b"), file("a")], file("a"), true)), ["a", "b"]);
  assert.deepEqual(parse(render(three)), three);
});
