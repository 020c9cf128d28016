import * as z from "zod/mini";
import type { JSONWebKeySet } from "jose";
import { type Environment, readEnvironment } from "../../_shared/environment.ts";
import { err, ok, type Result } from "../../_shared/result.ts";
import { type Brand, createBrand } from "../page/brand.ts";
import { sdkFile, type SdkSource } from "./sdk_file.ts";
import {
  address,
  deadlineSeconds,
  keySet,
  minutes,
  namedKeys,
  origins,
  passMinutes,
  printable,
  projectAddress,
  region,
  serverAddress,
  trustedIssuers,
} from "./setting_values.ts";
import { type SupabaseIssuers, supabaseIssuers } from "./supabase_issuers.ts";
import { isLocalUrl, isLoopbackUrl } from "./urls.ts";

/** A token issuer trusted in addition to Supabase Auth, such as Firebase. */
export interface TrustedIssuer {
  readonly issuer: string;
  readonly audience: string;
  /** URL of the issuer's JSON Web Key Set. */
  readonly jwks: string;
  /** Header that may contain its tokens, in addition to `Authorization: Bearer`. */
  readonly header?: string | undefined;
  /** Prefix of its subjects in the view, such as `firebase:`; see `auth/subjects.ts`. */
  readonly subjectPrefix?: string | undefined;
}

/** The validated settings of the function. */
export interface Settings {
  readonly sdk: SdkSource & { readonly fallbackUrl?: string };
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
  readonly supabase: SupabaseIssuers & {
    readonly url: string;
    readonly key: string;
    /** Keys that identify the project but no person; ignored as bearer tokens. */
    readonly publicKeys: readonly string[];
    readonly jwks?: JSONWebKeySet;
  };
  /** Public URL of the function, without a trailing slash. */
  readonly publicUrl: string;
  readonly frameAncestors: readonly string[];
  readonly trustedIssuers: readonly TrustedIssuer[];
  readonly opensBeforeMinutes: number;
  readonly closesAfterMinutes: number;
  readonly waitingRoom: boolean;
  readonly passMinutes: number;
  /** How long a request may wait for the database and Chime together. */
  readonly deadlineMs: number;
  /** Authenticates the CloudFront proxy (`http/cloudfront_proxy.ts`); absent if there is none. */
  readonly proxySecret?: string;
  /** The clinic's name, logo and color. */
  readonly brand: Brand;
  /** Whether host apps also receive the legacy event strings (`docs/bridge.md`). */
  readonly legacyEvents: boolean;
  /** Whether people see a preview and a Join button before the call. */
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
  CHIME_ENDPOINT: z.optional(serverAddress),
  CHIME_PAGE_PUBLIC_URL: z.optional(address),
  /** Safe in a header, and too long to guess. */
  CHIME_PAGE_FRONT_SECRET: z.optional(z.string().check(z.regex(/^[A-Za-z0-9_-]{32,128}$/))),
  CHIME_PAGE_FRAME_ANCESTORS: z.optional(origins),
  CHIME_PAGE_TRUSTED_ISSUERS: z.optional(trustedIssuers),
  CHIME_PAGE_SUPABASE_ISSUER: z.optional(printable),
  CHIME_PAGE_OPENS_BEFORE_MINUTES: z.optional(minutes),
  CHIME_PAGE_CLOSES_AFTER_MINUTES: z.optional(minutes),
  CHIME_PAGE_PASS_MINUTES: z.optional(passMinutes),
  CHIME_PAGE_DEADLINE_SECONDS: z.optional(deadlineSeconds),
  CHIME_PAGE_WAITING_ROOM: z.optional(z.enum(["provider", "off"])),
  CHIME_PAGE_BRAND_COLOR: z.optional(z.string().check(z.regex(/^#[0-9a-f]{6}$/i))),
  CHIME_PAGE_BRAND_NAME: z.optional(z.string().check(z.regex(/^[^\p{C}]{1,60}$/u))),
  // Part of every document, so it must be small and an image that cannot run scripts.
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
};

/**
 * Reads and validates the settings. `docs/reference.md` lists them.
 * @returns the settings, or the names of all invalid variables, sorted
 */
export function readSettings(environment: Environment): Result<Settings, readonly string[]> {
  const { values, faults: invalid } = readEnvironment(shape, environment);
  const faults = new Set(invalid);
  const fault = (name: string) => void faults.add(name);

  const named = values.SUPABASE_SECRET_KEYS ?? {};
  const key = named["default"] ?? Object.values(named)[0] ?? values.SUPABASE_SERVICE_ROLE_KEY;
  if (key === undefined) fault("SUPABASE_SECRET_KEYS");

  const sdk = values.CHIME_SDK_CDN_URL === undefined
    ? undefined
    : sdkFile(values.CHIME_SDK_CDN_URL, values.CHIME_SDK_INTEGRITY);
  if (!sdk && !faults.has("CHIME_SDK_CDN_URL")) fault("CHIME_SDK_INTEGRITY");

  // The platform hides the host and strips /functions/v1 from the path, and `SUPABASE_URL` may be an
  // address in the network of the Supabase CLI, so only a local URL says where people reach the page.
  const publicUrl = values.CHIME_PAGE_PUBLIC_URL ??
    (values.SUPABASE_URL && isLoopbackUrl(values.SUPABASE_URL)
      ? `${values.SUPABASE_URL}/functions/v1/chime-page`
      : undefined);
  if (publicUrl === undefined && values.SUPABASE_URL) fault("CHIME_PAGE_PUBLIC_URL");
  for (const name of localOnlySettings(values)) fault(name);
  // Without any issuer nobody could sign in.
  if (values.CHIME_PAGE_SUPABASE_ISSUER === "none" && !values.CHIME_PAGE_TRUSTED_ISSUERS?.length) {
    fault("CHIME_PAGE_SUPABASE_ISSUER");
  }

  const settings = faults.size > 0 ? undefined : assemble(values, key, sdk, publicUrl);
  return settings ? ok(settings) : err([...faults].sort());
}

type Values = ReturnType<typeof readEnvironment<typeof shape>>["values"];

/**
 * Names of settings with a local URL in a hosted project, where it would mean the visitor's own
 * machine or the platform's. A hosted project is recognized by its `https:` URL.
 */
function localOnlySettings(values: Values): readonly string[] {
  const { SUPABASE_URL: url } = values;
  if (!url?.startsWith("https:") || isLoopbackUrl(url)) return [];
  const urls = {
    CHIME_ENDPOINT: [values.CHIME_ENDPOINT],
    CHIME_PAGE_PUBLIC_URL: [values.CHIME_PAGE_PUBLIC_URL],
    CHIME_PAGE_TRUSTED_ISSUERS: values.CHIME_PAGE_TRUSTED_ISSUERS?.map(({ jwks }) => jwks) ?? [],
    CHIME_SDK_CDN_URL: [values.CHIME_SDK_CDN_URL],
    CHIME_SDK_FALLBACK_URL: [values.CHIME_SDK_FALLBACK_URL],
  };
  return Object.entries(urls).flatMap(([name, values]) =>
    values.some((value) => value !== undefined && isLocalUrl(value)) ? [name] : []
  );
}

/** Builds the settings; undefined if a required value is missing, which the caller has reported. */
function assemble(
  values: Values,
  key: string | undefined,
  sdk: SdkSource | undefined,
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
      ...supabaseIssuers(values.CHIME_PAGE_SUPABASE_ISSUER, url, publicUrl),
    },
    publicUrl: publicUrl.replace(/\/+$/, ""),
    frameAncestors: values.CHIME_PAGE_FRAME_ANCESTORS ?? [],
    trustedIssuers: values.CHIME_PAGE_TRUSTED_ISSUERS ?? [],
    opensBeforeMinutes: values.CHIME_PAGE_OPENS_BEFORE_MINUTES ?? 15,
    closesAfterMinutes: values.CHIME_PAGE_CLOSES_AFTER_MINUTES ?? 60,
    waitingRoom: values.CHIME_PAGE_WAITING_ROOM !== "off",
    // The app opens a pass seconds after requesting it.
    passMinutes: values.CHIME_PAGE_PASS_MINUTES ?? 2,
    // Nobody waits longer than this for a blank page, and the page's own requests time out after 15 s
    // (`client/visit/api.ts`).
    deadlineMs: (values.CHIME_PAGE_DEADLINE_SECONDS ?? 10) * 1000,
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
