import * as z from "zod/mini";
import type { Problem } from "../../_shared/problem.ts";
import { err, ok, type Result } from "../../_shared/result.ts";
import type { CallerForm } from "../auth/credentials.ts";
import type { EventBatch } from "../contract/page_data.ts";
import type { AppContext } from "./dependencies.ts";
import type { LinkKind } from "../visits/visit.ts";

/**
 * A number without an exponent. Postgres stores `1e308` and `1e-300` with hundreds of digits, so they
 * would take more space than they were sent with.
 */
const plainNumber = z.number().check(
  z.refine((value) => Math.abs(value) <= Number.MAX_SAFE_INTEGER && !String(value).includes("e")),
);

function bad(reason: string): Result<never, Problem> {
  return err({ name: "bad-request", reason });
}

/** Reads the form of `POST /chime-page/:appointmentId`. Problem: `bad-request`. */
export async function readForm(c: AppContext): Promise<Result<CallerForm, Problem>> {
  const type = c.req.header("content-type") ?? "";
  const text = await c.req.text();
  // A host app that sends its token in a header needs no body.
  if (text === "") return ok({});
  if (!/^application\/x-www-form-urlencoded\b/i.test(type)) return bad("content-type");
  const form = new URLSearchParams(text);
  const field = (name: string) => form.get(name) || undefined;
  const accessToken = field("access_token");
  const pass = field("pass");
  const session = field("session");
  return ok({
    ...(accessToken ? { accessToken } : {}),
    ...(pass ? { pass } : {}),
    ...(session ? { session } : {}),
  });
}

/** Which kind of link to create, and its maximum lifetime. */
export interface LinkRequest {
  readonly opens: LinkKind;
  readonly minutes?: number | undefined;
  readonly expiresAt?: Date | undefined;
}

const YEAR_MINUTES = 366 * 24 * 60;
const linkRequest = z.union([
  z.strictObject({ opens: z._default(z.literal("at-once"), "at-once") }),
  z.strictObject({
    opens: z.literal("by-tap"),
    minutes: z.optional(z.int().check(z.gte(1), z.lte(YEAR_MINUTES))),
  }),
  z.strictObject({
    opens: z.literal("by-tap"),
    expiresAt: z.pipe(
      z.iso.datetime({ offset: true }),
      z.transform((text: string) => new Date(text)),
    ),
  }),
]);

/**
 * Reads the body of `POST …/passes`: empty, `{"opens": "at-once"}`, or `{"opens": "by-tap"}` with
 * either `minutes`, `expiresAt` (ISO 8601) or neither. Problem: `bad-request`.
 */
export async function readLinkRequest(c: AppContext): Promise<Result<LinkRequest, Problem>> {
  const text = await c.req.text();
  if (text === "") return ok({ opens: "at-once" });
  if (!/^application\/json\b/i.test(c.req.header("content-type") ?? "")) return bad("content-type");
  const parsed = z.safeParse(linkRequest, parseJson(text));
  return parsed.success ? ok(parsed.data) : bad("link-shape");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const pageId = z.string().check(z.regex(/^[0-9a-z]{1,16}$/));

/** Whether a text can be the id that a page gives itself. */
export function isPageId(text: string): boolean {
  return z.safeParse(pageId, text).success;
}

const batch = z.object({
  session: z.string(),
  gone: z.exactOptional(pageId),
  events: z.array(z.object({
    name: z.string().check(z.regex(/^[a-z][a-z0-9-]{0,39}$/)),
    at: plainNumber.check(z.gte(0), z.lte(7 * 24 * 3_600_000)),
    data: z.exactOptional(
      z.record(
        z.string().check(z.regex(/^[a-zA-Z][a-zA-Z0-9]{0,31}$/)),
        z.union([
          z.string().check(z.regex(/^[A-Za-z0-9._:-]{0,64}$/)),
          plainNumber,
          z.boolean(),
        ]),
      ).check(z.refine((data) => Object.keys(data).length <= 12)),
    ),
  })).check(z.maxLength(50)),
}).check(z.refine(({ events, gone }) => events.length > 0 || gone !== undefined));

/**
 * Reads a batch of page events. The schema accepts codes and numbers but no sentences, so no health
 * details can get into the event log. `text/plain` is accepted because `sendBeacon` uses it to avoid
 * a preflight. Problem: `bad-request`.
 */
export async function readEventBatch(c: AppContext): Promise<Result<EventBatch, Problem>> {
  const type = c.req.header("content-type") ?? "";
  if (!/^(text\/plain|application\/json)\b/i.test(type)) return bad("content-type");
  const parsed = z.safeParse(batch, parseJson(await c.req.text()));
  return parsed.success ? ok(parsed.data) : bad("event-shape");
}
