import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { buildSdk, SDK_DIRECTORY } from "../../sdk/build.ts";
import { rollback } from "../../ops/rollback.ts";
import { launchBrowser, newPhone, untilInPage } from "../support/browser.ts";
import { createVisit, passUrl, startTestStack } from "../support/visits.ts";
import { deployedAws, publishFile, testDependencies } from "./support.ts";
import { looseTest } from "../support/sanitizers.ts";

const cdn = await deployedAws();
const browser = await launchBrowser();
const directory = await Deno.makeTempDir();
Deno.test.afterAll(async () => {
  await browser.close();
  await cdn.aws.close();
  await Deno.remove(directory, { recursive: true });
});

/** The real SDK file, and the same file with a global that shows that it ran. */
async function twoVersions() {
  const built = await buildSdk();
  const text = await Deno.readTextFile(`${SDK_DIRECTORY}${built.file}`);
  const marked = `${text}\n;globalThis.sdkMark = "young";\n`;
  const hash = createHash("sha256").update(marked).digest("hex").slice(0, 16);
  const young = `${directory}/chime-sdk-${built.sdkVersion}-${hash}.min.js`;
  await Deno.writeTextFile(young, marked);
  return { old: `${SDK_DIRECTORY}${built.file}`, oldName: built.file, young };
}

/** The secrets that a `supabase secrets set` command would give the function. */
function secretsOf(command: string): Record<string, string> {
  const pairs = [...command.matchAll(/\b(CHIME_SDK_\w+)=(\S+)/g)];
  assert.equal(pairs.length, 2, command);
  return Object.fromEntries(pairs.map((match) => [match[1] ?? "", match[2] ?? ""]));
}

/** Opens a visit with these secrets set, and returns which file its page loaded and ran. */
async function openedWith(environment: Record<string, string>) {
  const stack = await startTestStack({ environment });
  const phone = await newPhone(browser);
  try {
    const visit = await createVisit(stack);
    await phone.page.goto(await passUrl(visit, visit.provider), { waitUntil: "load" });
    await untilInPage(phone.page, () => "ChimeSDK" in globalThis);
    const script = phone.page.locator("script#chime-sdk");
    return {
      src: await script.getAttribute("src"),
      integrity: await script.getAttribute("integrity"),
      mark: await phone.page.evaluate("globalThis.sdkMark ?? 'none'"),
      refused: phone.console.filter((line) => /integrity|Content Security Policy|CORS/i.test(line)),
    };
  } finally {
    await phone.close();
    await stack.stop();
  }
}

looseTest(
  "after publishing, publishing again and rolling back, pages run the right file",
  async () => {
    const { old, oldName, young } = await twoVersions();
    const published = async (file: string) => secretsOf((await publishFile(cdn, file)).text());
    const first = await published(old);
    const withOld = await openedWith(first);
    assert.equal(withOld.src, `${cdn.url}/${oldName}`);
    assert.deepEqual([withOld.mark, withOld.refused], ["none", []]);

    const second = await published(young);
    const withYoung = await openedWith(second);
    assert.equal(withYoung.src, second["CHIME_SDK_CDN_URL"]);
    assert.equal(withYoung.integrity, second["CHIME_SDK_INTEGRITY"]);
    assert.deepEqual([withYoung.mark, withYoung.refused], ["young", []]);

    const dependencies = testDependencies(cdn.aws);
    const args = ["--to", oldName, "--run", "--cdn-url", cdn.url];
    assert.equal(await rollback(args, dependencies), 0, dependencies.text());
    const back = secretsOf((dependencies.ran[0] ?? []).join(" "));
    assert.deepEqual(back, first);
    assert.deepEqual(await openedWith(back), withOld);
  },
);
