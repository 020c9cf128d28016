/// <reference lib="dom" />
/** Every screen of the page with fixed people and times, for screenshots and for axe. */
import type { Browser } from "playwright-core";
import type {
  Language,
  Person,
  VisitPageData,
} from "../../supabase/functions/chime-page/contract/page_data.ts";
import { newPhone, type Phone, type PhoneOptions } from "../support/browser.ts";
import { PATIENCE_MS } from "../support/patience.ts";
import { PUPPET_DEVICES } from "../support/puppet_devices.ts";
import { type Puppet, PUPPET_INTEGRITY, PUPPET_SDK } from "../support/puppet_sdk.ts";
import { PATIENT, PROVIDER, serveVisit, until, visitData, type VisitServer } from "./support.ts";

const person = (number: number, name: string, role: Person["role"] = "guest"): Person => ({
  id: `5c6f1f0e-0000-4000-8000-${String(number).padStart(12, "0")}`,
  name,
  role,
});
/** Those who join a visit beside doctor and patient, in the order they come. */
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
export interface Scene {
  readonly phone: Phone;
  readonly visit: VisitServer;
  /** Pulls a string of the puppet call. */
  pull<Name extends keyof Puppet>(name: Name, ...values: Parameters<Puppet[Name]>): Promise<void>;
  /** Lets this many others in, every fourth without a picture. */
  company(count: number): Promise<void>;
  close(): Promise<void>;
}

/** What a scene may change. */
export interface SceneOptions {
  readonly phone?: PhoneOptions & { readonly dark?: boolean };
  readonly language?: Language;
  readonly data?: Partial<VisitPageData>;
  /** Sixteen are invited instead of two. */
  readonly group?: boolean;
  /** An app around the page listens. */
  readonly hosted?: boolean;
  /** The name of the error that camera and microphone answer with. */
  readonly trouble?: string;
  /** The SDK's file never ends, or is not there. */
  readonly sdk?: "slow" | "missing";
  /** Prepares the page before it is opened. */
  readonly before?: (page: Phone["page"]) => Promise<unknown>;
}

/** Opens the page with a puppet call behind it. */
export async function openScene(browser: Browser, options: SceneOptions = {}): Promise<Scene> {
  const visit = serveVisit((origin) =>
    visitData({
      people: [PROVIDER, PATIENT, ...(options.group ? COMPANY : [])],
      language: options.language ?? "en",
      api: { base: `${origin}/visit`, session: "s3cret" },
      sdk: { url: `${origin}/sdk.js`, integrity: PUPPET_INTEGRITY, timeoutMs: PATIENCE_MS },
      ...options.data,
    }), { sdk: options.sdk ?? PUPPET_SDK });
  const phone = await newPhone(browser, options.phone);
  await phone.page.emulateMedia({
    colorScheme: options.phone?.dark === false ? "light" : "dark",
    reducedMotion: "reduce",
  });
  await phone.page.addInitScript({ content: PUPPET_DEVICES });
  await phone.page.addInitScript(
    (trouble) => Object.assign(globalThis, { puppetTrouble: trouble }),
    options.trouble,
  );
  if (options.hosted) {
    await phone.page.addInitScript(() => {
      const heard: string[] = [];
      const postMessage = (text: string) => heard.push(text);
      Object.assign(globalThis, { heard, ChimeHandler: { postMessage } });
    });
  }
  await options.before?.(phone.page);
  // Not `load`: an SDK file that never ends would be waited for.
  await phone.page.goto(visit.url, { waitUntil: "domcontentloaded" });
  const pull: Scene["pull"] = (name, ...values) =>
    phone.page.evaluate(
      ([method, given]) =>
        Reflect.get(globalThis, "puppet")[method as string](...given as unknown[]),
      [name, values] as const,
    );
  return {
    phone,
    visit,
    pull,
    async company(count) {
      const coming = [PROVIDER, ...COMPANY].slice(0, count);
      for (const [index, { id }] of coming.entries()) {
        await pull("enter", `a-${id}`, id, index % 4 === 2 ? null : 170 + index * 47, index === 4);
      }
      const pictures = coming.filter((_, index) => index % 4 !== 2).length;
      await until("pictures", async () =>
        await phone.page.locator(".tile").count() === count &&
        await phone.page.locator(".tile.seen, .tile[hidden]").count() >=
          Math.min(pictures, await phone.page.locator(".tile:not([hidden]) video").count()));
    },
    async close() {
      await phone.close();
      await visit.close();
    },
  };
}

/** Brings a scene into its call, through whatever stands before it. */
export async function enterCall(scene: Scene): Promise<void> {
  const { page } = scene.phone;
  const phase = () => page.getAttribute("body", "data-phase");
  await until("in the call", async () => {
    const now = await phase();
    if (now === "lobby" && await page.locator("#join").isVisible()) await page.click("#join");
    return now === "in-call";
  });
}
