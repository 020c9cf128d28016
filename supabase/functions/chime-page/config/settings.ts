import * as z from "zod/mini";
import type { JSONWebKeySet } from "jose";
import { type Environment, readEnvironment } from "../../_shared/environment.ts";
import { err, ok, type Result } from "../../_shared/result.ts";
import { type Brand, createBrand } from "../page/brand.ts";
import { SDK_FILES } from "./sdk_manifest.generated.ts";
import {
  address,
  keySet,
  minutes,
  namedKeys,
  origins,
  printable,
  projectAddress,
  region,
  trustedIssuers,
} from "./setting_values.ts";
import { isLoopbackUrl } from "./urls.ts";

/** A token issuer trusted beside Supabase, e.g. Firebase. */
export interface TrustedIssuer {
  readonly issuer: string;
  readonly audience: string;
  /** URL of the issuer's JSON Web Key Set. */
  readonly jwks: string;
  /** Header that may carry its token, beside `Authorization: Bearer`. */
  readonly header?: string | undefined;
  /** What stands before its subjects in the view, such as `firebase:`; see `subjects.ts`. */
  readonly subjectPrefix?: string | undefined;
}

/** Everything the function is told from outside, checked. */
export interface Settings {
  readonly sdk: { readonly url: string; readonly integrity: string; readonly fallbackUrl?: string };
  readonly chime: {
    readonly region: string;
    readonly mediaRegion: string;
    readonly endpoint?: string;
    readonly credentials: {
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      readonly sessionToken?: string;
    };
  };
  readonly supabase: {
    readonly url: string;
    readonly key: string;
    /** Keys that name a project and no person; as a bearer they say nothing. */
    readonly publicKeys: readonly string[];
    readonly jwks?: JSONWebKeySet;
    /** What its tokens may give as `iss`; none: tokens of Supabase Auth are not accepted. */
    readonly issuers: readonly string[];
    /** Whether Auth at any address of this machine counts too. */
    readonly anyLocalIssuer: boolean;
  };
  /** Where people reach the function, without a slash at the end. */
  readonly publicUrl: string;
  readonly frameAncestors: readonly string[];
  readonly trustedIssuers: readonly TrustedIssuer[];
  readonly opensBeforeMinutes: number;
  readonly closesAfterMinutes: number;
  readonly waitingRoom: boolean;
  readonly passMinutes: number;
  /** By which the CloudFront proxy proves itself (`http/cloudfront_proxy.ts`); absent: there is none. */
  readonly proxySecret?: string;
  /** The clinic's name and colour. */
  readonly brand: Brand;
  /** Whether hosts also hear the first user's strings (`docs/bridge.md`). */
  readonly legacyEvents: boolean;
  /** Whether people see themselves and say Join before they are in the call. */
  readonly lobby: boolean;
}

const shape = {
  CHIME_SDK_CDN_URL: address,
  CHIME_SDK_INTEGRITY: z.optional(z.string().check(z.regex(/^sha384-[A-Za-z0-9+/]{64}$/))),
  CHIME_SDK_FALLBACK_URL: z.optional(address),
  AWS_ACCESS_KEY_ID: printable,
  AWS_SECRET_ACCESS_KEY: printable,
  AWS_SESSION_TOKEN: z.optional(printable),
  CHIME_REGION: z._default(region, "eu-central-1"),
  CHIME_MEDIA_REGION: z.optional(region),
  CHIME_ENDPOINT: z.optional(address),
  CHIME_PAGE_PUBLIC_URL: z.optional(address),
  /** What a header can carry, and too long to be guessed. */
  CHIME_PAGE_FRONT_SECRET: z.optional(z.string().check(z.regex(/^[A-Za-z0-9_-]{32,128}$/))),
  CHIME_PAGE_FRAME_ANCESTORS: z.optional(origins),
  CHIME_PAGE_TRUSTED_ISSUERS: z.optional(trustedIssuers),
  CHIME_PAGE_SUPABASE_ISSUER: z.optional(printable),
  CHIME_PAGE_OPENS_BEFORE_MINUTES: z.optional(minutes),
  CHIME_PAGE_CLOSES_AFTER_MINUTES: z.optional(minutes),
  /** OWASP ASVS 5.0, 6.5.5: a code that travels outside the app lives 10 minutes at most. */
  CHIME_PAGE_PASS_MINUTES: z.optional(
    z.pipe(
      z.string().check(z.regex(/^([1-9]|10)$/)),
      z.transform((text: string) => Number(text)),
    ),
  ),
  CHIME_PAGE_WAITING_ROOM: z.optional(z.enum(["provider", "off"])),
  CHIME_PAGE_BRAND_COLOR: z.optional(z.string().check(z.regex(/^#[0-9a-f]{6}$/i))),
  CHIME_PAGE_BRAND_NAME: z.optional(z.string().check(z.regex(/^[^\p{C}]{1,60}$/u))),
  // It travels in every document: small, and a picture that can't run anything.
  CHIME_PAGE_BRAND_LOGO: z.optional(
    z.string().check(
      z.maxLength(8_000),
      z.regex(/^data:image\/(?:png|webp|jpeg|svg\+xml);base64,[A-Za-z0-9+/]+={0,2}$/),
    ),
  ),
  CHIME_PAGE_LEGACY_EVENTS: z.optional(z.enum(["on", "off"])),
  CHIME_PAGE_LOBBY: z.optional(z.enum(["on", "off"])),
  SUPABASE_URL: projectAddress,
  SUPABASE_SECRET_KEYS: z.optional(namedKeys),
  SUPABASE_SERVICE_ROLE_KEY: z.optional(printable),
  SUPABASE_PUBLISHABLE_KEYS: z.optional(namedKeys),
  SUPABASE_ANON_KEY: z.optional(printable),
  SUPABASE_JWKS: z.optional(keySet),
  /** Set by the platform, and by its CLI on a developer's machine. */
  SB_EXECUTION_ID: z.optional(z.string()),
};

/**
 * Reads and checks all settings together, so that a fault names every bad variable at once.
 * The table in docs/reference.md is the reference.
 */
export function readSettings(environment: Environment): Result<Settings, readonly string[]> {
  const { values, faults: unread } = readEnvironment(shape, environment);
  const faults = new Set(unread);
  const fault = (name: string) => void faults.add(name);

  const named = values.SUPABASE_SECRET_KEYS ?? {};
  const key = named["default"] ?? Object.values(named)[0] ?? values.SUPABASE_SERVICE_ROLE_KEY;
  if (key === undefined) fault("SUPABASE_SECRET_KEYS");

  const sdk = values.CHIME_SDK_CDN_URL === undefined
    ? undefined
    : sdkFile(values.CHIME_SDK_CDN_URL, values.CHIME_SDK_INTEGRITY);
  if (!sdk && !faults.has("CHIME_SDK_CDN_URL")) fault("CHIME_SDK_INTEGRITY");

  // The platform strips /functions/v1 from the path and hides the host: it can't be derived there.
  const hosted = values.SB_EXECUTION_ID !== undefined;
  const publicUrl = values.CHIME_PAGE_PUBLIC_URL ??
    (hosted || !values.SUPABASE_URL ? undefined : `${values.SUPABASE_URL}/functions/v1/chime-page`);
  if (publicUrl === undefined && (hosted || values.SUPABASE_URL)) fault("CHIME_PAGE_PUBLIC_URL");
  for (const name of locallyMeant(values)) fault(name);
  // Then nobody could sign in at all.
  if (values.CHIME_PAGE_SUPABASE_ISSUER === "none" && !values.CHIME_PAGE_TRUSTED_ISSUERS?.length) {
    fault("CHIME_PAGE_SUPABASE_ISSUER");
  }

  const settings = faults.size > 0 ? undefined : assemble(values, key, sdk, publicUrl);
  return settings ? ok(settings) : err([...faults].sort());
}

type Values = ReturnType<typeof readEnvironment<typeof shape>>["values"];

/**
 * Settings of a developer's machine in a hosted project, whose own address is always `https:`: there
 * they name the machine of whoever opens the page, or of the platform.
 */
function locallyMeant(values: Values): readonly string[] {
  const { SUPABASE_URL: url } = values;
  if (!url?.startsWith("https:") || isLoopbackUrl(url)) return [];
  const addresses = {
    CHIME_ENDPOINT: [values.CHIME_ENDPOINT],
    CHIME_PAGE_PUBLIC_URL: [values.CHIME_PAGE_PUBLIC_URL],
    CHIME_PAGE_TRUSTED_ISSUERS: values.CHIME_PAGE_TRUSTED_ISSUERS?.map(({ jwks }) => jwks) ?? [],
    CHIME_SDK_CDN_URL: [values.CHIME_SDK_CDN_URL],
    CHIME_SDK_FALLBACK_URL: [values.CHIME_SDK_FALLBACK_URL],
  };
  return Object.entries(addresses).flatMap(([name, urls]) =>
    urls.some((one) => one !== undefined && isLoopbackUrl(one)) ? [name] : []
  );
}

/** All parts in their places; undefined only if one is missing, which the caller has named. */
function assemble(
  values: Values,
  key: string | undefined,
  sdk: { url: string; integrity: string } | undefined,
  publicUrl: string | undefined,
): Settings | undefined {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    CHIME_REGION: region,
    SUPABASE_URL: url,
  } = values;
  if (!accessKeyId || !secretAccessKey || !region || !url || !key || !sdk || !publicUrl) {
    return undefined;
  }
  return {
    sdk: {
      ...sdk,
      ...(values.CHIME_SDK_FALLBACK_URL ? { fallbackUrl: values.CHIME_SDK_FALLBACK_URL } : {}),
    },
    chime: {
      region,
      mediaRegion: values.CHIME_MEDIA_REGION ?? region,
      ...(values.CHIME_ENDPOINT ? { endpoint: values.CHIME_ENDPOINT } : {}),
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) },
    },
    supabase: {
      url,
      key,
      publicKeys: [
        ...Object.values(values.SUPABASE_PUBLISHABLE_KEYS ?? {}),
        ...(values.SUPABASE_ANON_KEY ? [values.SUPABASE_ANON_KEY] : []),
      ],
      ...(values.SUPABASE_JWKS ? { jwks: values.SUPABASE_JWKS } : {}),
      ...ownIssuers(values.CHIME_PAGE_SUPABASE_ISSUER, url, publicUrl),
    },
    publicUrl: publicUrl.replace(/\/+$/, ""),
    frameAncestors: values.CHIME_PAGE_FRAME_ANCESTORS ?? [],
    trustedIssuers: values.CHIME_PAGE_TRUSTED_ISSUERS ?? [],
    opensBeforeMinutes: values.CHIME_PAGE_OPENS_BEFORE_MINUTES ?? 15,
    closesAfterMinutes: values.CHIME_PAGE_CLOSES_AFTER_MINUTES ?? 60,
    waitingRoom: values.CHIME_PAGE_WAITING_ROOM !== "off",
    // A pass is spent by the app's own navigation, seconds after it was asked for.
    passMinutes: values.CHIME_PAGE_PASS_MINUTES ?? 2,
    ...(values.CHIME_PAGE_FRONT_SECRET ? { proxySecret: values.CHIME_PAGE_FRONT_SECRET } : {}),
    brand: createBrand({
      name: values.CHIME_PAGE_BRAND_NAME,
      logo: values.CHIME_PAGE_BRAND_LOGO,
      colour: values.CHIME_PAGE_BRAND_COLOR,
    }),
    legacyEvents: values.CHIME_PAGE_LEGACY_EVENTS === "on",
    lobby: values.CHIME_PAGE_LOBBY !== "off",
  };
}

/**
 * The `iss` of the project's own tokens. Which of its addresses Auth puts there is not documented
 * for custom domains, so both count: the project's own, and the one at which people reach the page.
 * On a developer's machine the two and Auth's own word for it differ by host and port (the CLI's
 * function sees `http://kong:8000`), so that there every address of the machine counts.
 */
function ownIssuers(setting: string | undefined, url: string, publicUrl: string) {
  if (setting !== undefined) {
    return { issuers: setting === "none" ? [] : [setting], anyLocalIssuer: false };
  }
  return {
    issuers: [`${url}/auth/v1`, `${new URL(publicUrl).origin}/auth/v1`],
    anyLocalIssuer: isLoopbackUrl(publicUrl),
  };
}

/**
 * The SDK file a page loads. A bare origin gets the built-in file's name; a name in the manifest
 * brings its own hash; any other file needs `CHIME_SDK_INTEGRITY`. A hash that contradicts the
 * manifest is a fault, because the browser would refuse the file on every phone.
 */
export function sdkFile(
  cdnUrl: string,
  integrity: string | undefined,
): { url: string; integrity: string } | undefined {
  const url = new URL(cdnUrl);
  if (url.pathname === "/") url.pathname = `/${SDK_FILES[0].file}`;
  const name = url.pathname.split("/").at(-1);
  const known = SDK_FILES.find((file) => file.file === name)?.integrity;
  if (known && integrity && known !== integrity) return undefined;
  const right = known ?? integrity;
  return right ? { url: url.href, integrity: right } : undefined;
}
