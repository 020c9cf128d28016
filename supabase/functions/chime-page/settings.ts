import * as z from "zod/mini";
import { type Environment, jsonOf, readEnvironment } from "../_shared/environment.ts";
import { err, ok, type Result } from "../_shared/result.ts";
import { type Brand, createBrand } from "./page/brand.ts";
import { SDK_FILES } from "./sdk_manifest.generated.ts";

/** A token issuer trusted beside Supabase, e.g. Firebase. */
export interface TrustedIssuer {
  readonly issuer: string;
  readonly audience: string;
  /** URL of the issuer's JSON Web Key Set. */
  readonly jwks: string;
  /** Header that carries its token; without it the token comes as `Authorization: Bearer`. */
  readonly header?: string | undefined;
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
    readonly jwks?: { readonly keys: readonly Record<string, unknown>[] };
  };
  /** Where people reach the function, without a slash at the end. */
  readonly publicUrl: string;
  readonly frameAncestors: readonly string[];
  readonly trustedIssuers: readonly TrustedIssuer[];
  readonly opensBeforeMinutes: number;
  readonly closesAfterMinutes: number;
  readonly waitingRoom: boolean;
  readonly passMinutes: number;
  /** By which the front proves itself (`front.ts`); absent: there is none. */
  readonly frontSecret?: string;
  /** The clinic's name and colour. */
  readonly brand: Brand;
  /** Whether hosts also hear the first user's strings (`docs/bridge.md`). */
  readonly legacyEvents: boolean;
  /** Whether people see themselves and say Join before they are in the call. */
  readonly lobby: boolean;
}

/** `https:`, or plain HTTP to this very machine for development. */
function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username || password) return false;
  return protocol === "https:" ||
    (protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(hostname));
}

const safeUrl = z.string().check(z.refine(isSafeUrl));
/** Inside Supabase's own network the injected URL may be plain HTTP. */
const anyUrl = z.string().check(z.refine((text) => URL.canParse(text)));
const origin = z.string().check(
  z.refine((text) => isSafeUrl(text) && new URL(text).origin === text),
);
const minutes = z.pipe(
  z.string().check(z.regex(/^\d{1,5}$/)),
  z.transform((text: string) => Number(text)),
);
const namedKeys = jsonOf(z.record(z.string(), z.string().check(z.minLength(1))));

const shape = {
  CHIME_SDK_CDN_URL: safeUrl,
  CHIME_SDK_INTEGRITY: z.optional(z.string().check(z.regex(/^sha384-[A-Za-z0-9+/]{64}$/))),
  CHIME_SDK_FALLBACK_URL: z.optional(safeUrl),
  AWS_ACCESS_KEY_ID: z.string(),
  AWS_SECRET_ACCESS_KEY: z.string(),
  AWS_SESSION_TOKEN: z.optional(z.string()),
  CHIME_REGION: z._default(z.string().check(z.regex(/^[a-z]{2}-[a-z]+-\d$/)), "eu-central-1"),
  CHIME_MEDIA_REGION: z.optional(z.string().check(z.regex(/^[a-z]{2}-[a-z]+-\d$/))),
  CHIME_ENDPOINT: z.optional(safeUrl),
  CHIME_PAGE_PUBLIC_URL: z.optional(safeUrl),
  /** What a header can carry, and too long to be guessed. */
  CHIME_PAGE_FRONT_SECRET: z.optional(z.string().check(z.regex(/^[A-Za-z0-9_-]{32,128}$/))),
  CHIME_PAGE_FRAME_ANCESTORS: z.optional(
    z.pipe(
      z.pipe(
        z.string(),
        z.transform((text: string) => text.split(/[\s,]+/).filter((part) => part !== "")),
      ),
      z.array(origin),
    ),
  ),
  CHIME_PAGE_TRUSTED_ISSUERS: z.optional(
    jsonOf(z.array(z.object({
      issuer: z.string().check(z.minLength(1)),
      audience: z.string().check(z.minLength(1)),
      jwks: safeUrl,
      header: z.optional(z.string().check(z.regex(/^[A-Za-z][A-Za-z0-9-]*$/))),
    }))),
  ),
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
  SUPABASE_URL: anyUrl,
  SUPABASE_SECRET_KEYS: z.optional(namedKeys),
  SUPABASE_SERVICE_ROLE_KEY: z.optional(z.string()),
  SUPABASE_PUBLISHABLE_KEYS: z.optional(namedKeys),
  SUPABASE_ANON_KEY: z.optional(z.string()),
  SUPABASE_JWKS: z.optional(jsonOf(z.object({ keys: z.array(z.record(z.string(), z.unknown())) }))),
  /** Set by the hosted platform alone. */
  SB_EXECUTION_ID: z.optional(z.string()),
};

/**
 * Reads and checks all settings together, so that a fault names every bad variable at once.
 * The table in the README is the reference.
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
    (hosted || !values.SUPABASE_URL
      ? undefined
      : `${values.SUPABASE_URL.replace(/\/+$/, "")}/functions/v1/chime-page`);
  if (publicUrl === undefined && (hosted || values.SUPABASE_URL)) fault("CHIME_PAGE_PUBLIC_URL");

  const settings = faults.size > 0 ? undefined : assemble(values, key, sdk, publicUrl);
  return settings ? ok(settings) : err([...faults].sort());
}

type Values = ReturnType<typeof readEnvironment<typeof shape>>["values"];

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
    },
    publicUrl: publicUrl.replace(/\/+$/, ""),
    frameAncestors: values.CHIME_PAGE_FRAME_ANCESTORS ?? [],
    trustedIssuers: values.CHIME_PAGE_TRUSTED_ISSUERS ?? [],
    opensBeforeMinutes: values.CHIME_PAGE_OPENS_BEFORE_MINUTES ?? 15,
    closesAfterMinutes: values.CHIME_PAGE_CLOSES_AFTER_MINUTES ?? 60,
    waitingRoom: values.CHIME_PAGE_WAITING_ROOM !== "off",
    // A pass is spent by the app's own navigation, seconds after it was asked for.
    passMinutes: values.CHIME_PAGE_PASS_MINUTES ?? 2,
    ...(values.CHIME_PAGE_FRONT_SECRET ? { frontSecret: values.CHIME_PAGE_FRONT_SECRET } : {}),
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
