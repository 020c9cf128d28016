/// <reference lib="dom" />
/**
 * `deno task screenshots`: every screen of the page, with fixed people, times and pictures, on a
 * phone, a tablet and a laptop, in each language that changes the layout, dark and light; and on a
 * phone on its side.
 *
 *   deno task screenshots                       all of them, into .cache/screenshots/
 *   deno task screenshots --out=folder          elsewhere
 *   deno task screenshots --only=chat           screens whose file name holds that word
 *   deno task screenshots --tour                the tour of the README, into docs/screenshots/
 */
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Browser } from "playwright-core";
import { createBrand } from "../supabase/functions/chime-page/page/brand.ts";
import type { Language } from "../supabase/functions/chime-page/contract/page_data.ts";
import { launchBrowser, newPhone } from "../tests/support/browser.ts";
import { cardPages } from "../tests/support/card_pages.ts";
import { poll } from "../tests/support/patience.ts";
import { openScene, type Scene } from "../tests/support/scene.ts";
import { print } from "./run.ts";
import { type Screen, SCREENS } from "./screens.ts";

interface Look {
  readonly width: number;
  readonly height: number;
  readonly language: Language;
  readonly dark: boolean;
}

const SIZES = [[360, 640], [768, 1024], [1280, 800]] as const;
const LOOKS: readonly Look[] = [
  ...SIZES.flatMap(([width, height]) =>
    (["en", "fr", "ar"] as const).flatMap((language) =>
      // Colours do not depend on the language.
      (language === "en" ? [true, false] : [width !== 768]).map((dark) => ({
        width,
        height,
        language,
        dark,
      }))
    )
  ),
  // French has the longest words for what is tapped.
  { width: 640, height: 360, language: "fr", dark: true },
];
const phoneLook = (language: Language, dark = false): Look => ({
  width: 360,
  height: 640,
  language,
  dark,
});
const laptopLook: Look = { width: 1280, height: 800, language: "en", dark: true };
/** The README's pictures: screens of a visit, or cards. */
const TOUR: readonly (readonly [string, Look])[] = [
  ["lobby", phoneLook("en")],
  ["ready", phoneLook("ar")],
  ["call", phoneLook("fr", true)],
  ["dropped", phoneLook("en", true)],
  ["chat", phoneLook("en", true)],
  ["too-early", phoneLook("en")],
  ["six", laptopLook],
  ["shared-screen", { ...laptopLook, dark: false }],
];

/** Looks of one kind differ only in size, so they need the page only once. */
const kindOf = ({ language, width, dark }: Look) => `${language} ${width < 1000} ${dark}`;
// A cross in a circle.
const LOGO = "data:image/svg+xml;base64," + btoa(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="15" ' +
    'fill="#7a2e8e"/><path d="M16 8v16M8 16h16" stroke="#fff" stroke-width="5"/></svg>',
);

const fileOf = (name: string, { width, height, language, dark }: Look) =>
  `${name}-${width}x${height}-${language}-${dark ? "dark" : "light"}.png`;

/** Takes pictures until two in a row are equal. */
async function settled({ phone }: Pick<Scene, "phone">): Promise<Uint8Array> {
  let before = "";
  const take = async () => {
    const picture = await phone.page.screenshot();
    const text = picture.toString("base64");
    const isSame = text === before;
    before = text;
    return isSame ? picture : undefined;
  };
  const picture = await poll("two equal pictures in a row", take, (same) => same !== undefined);
  return picture as Uint8Array;
}

/** Goes to a screen once and takes a picture of it for each look; all of one kind. */
async function shoot(
  browser: Browser,
  screen: Screen,
  looks: readonly Look[],
  scale: number,
  save: (look: Look, picture: Uint8Array) => Promise<void>,
): Promise<void> {
  const [first] = looks;
  if (first === undefined) return;
  const { width, height, language, dark } = first;
  const scene = await openScene(browser, {
    ...screen.options,
    language,
    phone: { width, height, dark, touch: width < 1000, scale, locale: language },
  });
  try {
    const { page } = scene.phone;
    await screen.act(scene);
    // No focus ring around the last tapped element.
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    for (const look of looks) {
      await page.setViewportSize(look);
      await save(look, await settled(scene));
    }
  } catch (error) {
    throw new Error(`Cannot reach the screen ${screen.name}`, { cause: error });
  } finally {
    await scene.close();
  }
}

/** Pages without a call: problems, the page behind a link, a clinic's own colours. */
async function cards(
  browser: Browser,
  look: Look,
  scale = 2,
): Promise<Map<string, Uint8Array>> {
  const { width, height, language, dark } = look;
  const brand = createBrand({ name: "Clinique du Wouri", logo: LOGO, colour: "#7a2e8e" });
  const phone = await newPhone(browser, { width, height, scale });
  await phone.page.emulateMedia({ colorScheme: dark ? "dark" : "light", reducedMotion: "reduce" });
  const pictures = new Map<string, Uint8Array>();
  // A countdown would never come to rest.
  await phone.page.clock.install({ time: 0 });
  await phone.page.clock.pauseAt(1000);
  for (const [name, html] of cardPages(language, brand)) {
    await phone.page.setContent(html);
    pictures.set(fileOf(name, look), await settled({ phone }));
  }
  await phone.close();
  return pictures;
}

const { tour, only, out: given } = parseArgs({
  args: Deno.args,
  options: {
    tour: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    out: { type: "string" },
  },
}).values;
const out = given ?? (tour ? "docs/screenshots" : ".cache/screenshots");
const target = resolve(fileURLToPath(new URL("../", import.meta.url)), out);
await Deno.mkdir(target, { recursive: true });
let count = 0;
const save = async (file: string, picture: Uint8Array) => {
  await Deno.writeFile(join(target, file), picture);
  count++;
};
const browser = await launchBrowser();
try {
  if (tour) {
    for (const [name, look] of TOUR) {
      const screen = SCREENS.find((each) => each.name === name);
      // Single resolution: a README shows them small.
      if (screen) {
        await shoot(browser, screen, [look], 1, (_, picture) => save(`${name}.png`, picture));
      } else {
        const card = (await cards(browser, look, 1)).get(fileOf(name, look));
        if (card === undefined) throw new Error(`Cannot find the screen ${name}`);
        await save(`${name}.png`, card);
      }
    }
  } else {
    for (const screen of SCREENS) {
      const wanted = LOOKS.filter((look) => fileOf(screen.name, look).includes(only));
      for (const looks of Map.groupBy(wanted, kindOf).values()) {
        await shoot(
          browser,
          screen,
          looks,
          2,
          (look, picture) => save(fileOf(screen.name, look), picture),
        );
      }
    }
    for (const look of LOOKS) {
      for (const [file, picture] of await cards(browser, look)) {
        if (file.includes(only)) await save(file, picture);
      }
    }
  }
} finally {
  await browser.close();
}
print(`${count} screenshots in ${out}`);
