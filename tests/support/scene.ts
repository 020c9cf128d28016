/// <reference lib="dom" />
/** The page with a puppet call behind it, and with fixed people and times. */
import { deepEqual } from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import type {
  Language,
  Person,
  VisitPageData,
} from "../../supabase/functions/chime-page/contract/page_data.ts";
import { phaseOf, type PhoneOptions } from "./browser.ts";
import { type OpenVisit, openVisit } from "./open_visit.ts";
import { PATIENCE_MS, until } from "./patience.ts";
import { PUPPET_DEVICES } from "./puppet_devices.ts";
import type { Puppet } from "./puppet.ts";
import { PUPPET_INTEGRITY, PUPPET_SDK } from "./puppet_sdk.ts";
import { PATIENT, PROVIDER } from "./visit_page.ts";

const person = (number: number, name: string, role: Person["role"] = "guest"): Person => ({
  id: `5c6f1f0e-0000-4000-8000-${String(number).padStart(12, "0")}`,
  name,
  role,
});
/** Those who join a visit besides the doctor and the patient, in the order they come. */
export const COMPANY: readonly Person[] = [
  person(3, "Marie Essomba"),
  person(4, "Dr. Samuel Fotso", "provider"),
  person(5, "Aïcha Bello"),
  person(6, "Bih Ngwa"),
  person(7, "Clarisse Abena"),
  person(8, "Paul Biyong"),
  person(9, "Oumar Djibrine"),
  person(10, "عائشة محمود"),
  person(11, "Mireille Mavoungou"),
  person(12, "Grace Nkeng"),
  person(13, "Thierry Ondoa"),
  person(14, "Fatimé Mahamat"),
  person(15, "Désiré Ndongo"),
  person(16, "Esther Tchoumi"),
];

/** A page on a phone, in a call or before it. */
export interface Scene extends OpenVisit {
  /** Calls a method of the puppet call. */
  pull<Name extends keyof Puppet>(name: Name, ...values: Parameters<Puppet[Name]>): Promise<void>;
  /** Lets this many others join, every fourth without a picture. */
  company(count: number): Promise<void>;
}

/** What a scene may change. */
export interface SceneOptions {
  readonly phone?: PhoneOptions & { readonly dark?: boolean };
  readonly language?: Language;
  readonly data?: Partial<VisitPageData>;
  /** Sixteen people are invited instead of two. */
  readonly group?: boolean;
  /** An app around the page listens. */
  readonly hosted?: boolean;
  /** The name of the error with which camera and microphone fail. */
  readonly trouble?: string;
  /** The SDK file never ends, or is missing. */
  readonly sdk?: "slow" | "missing";
  /** Prepares the page before it is opened. */
  readonly before?: (page: Page) => Promise<unknown>;
}

/** Opens the page with a puppet call behind it. */
export async function openScene(browser: Browser, options: SceneOptions = {}): Promise<Scene> {
  const { phone, page, visit, close } = await openVisit(browser, (origin) => ({
    people: [PROVIDER, PATIENT, ...(options.group ? COMPANY : [])],
    language: options.language ?? "en",
    sdk: { url: `${origin}/sdk.js`, integrity: PUPPET_INTEGRITY, timeoutMs: PATIENCE_MS },
    ...options.data,
  }), {
    sdk: options.sdk ?? PUPPET_SDK,
    phone: options.phone ?? {},
    hosted: options.hosted === true,
    async before(page) {
      await page.emulateMedia({
        colorScheme: options.phone?.dark === false ? "light" : "dark",
        reducedMotion: "reduce",
      });
      await page.addInitScript({ content: PUPPET_DEVICES });
      await page.addInitScript(
        (trouble) => Object.assign(globalThis, { puppetTrouble: trouble }),
        options.trouble,
      );
      await options.before?.(page);
    },
  });
  const pull: Scene["pull"] = (name, ...values) =>
    page.evaluate(
      ([method, given]) =>
        Reflect.get(globalThis, "puppet")[method as string](...given as unknown[]),
      [name, values] as const,
    );
  return {
    phone,
    page,
    visit,
    pull,
    async company(count) {
      const coming = [PROVIDER, ...COMPANY].slice(0, count);
      for (const [index, { id }] of coming.entries()) {
        await pull("enter", `a-${id}`, id, index % 4 === 2 ? null : 170 + index * 47, index === 4);
      }
      const pictures = coming.filter((_, index) => index % 4 !== 2).length;
      await until("pictures", async () =>
        await page.locator(".tile").count() === count &&
        await page.locator(".tile.seen, .tile[hidden]").count() >=
          Math.min(pictures, await page.locator(".tile:not([hidden]) video").count()));
    },
    close,
  };
}

/** Opens a scene for a test, which fails if the page raises an error, and closes it. */
export async function withScene(
  browser: Browser,
  options: SceneOptions,
  run: (scene: Scene) => Promise<void>,
): Promise<void> {
  const scene = await openScene(browser, options);
  try {
    await run(scene);
    deepEqual(scene.phone.errors, []);
  } finally {
    await scene.close();
  }
}

/** Brings a scene into its call, through the lobby if there is one. */
export async function enterCall({ page }: Scene): Promise<void> {
  await until("in the call", async () => {
    const phase = await phaseOf(page);
    if (phase === "lobby" && await page.locator("#join").isVisible()) await page.click("#join");
    return phase === "in-call";
  });
}
