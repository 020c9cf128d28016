import { isUuid } from "../../_shared/uuid.ts";

/** How the subjects of an issuer are written in `chime_page.participants`. */
export interface SubjectSource {
  /** Whether it is the project's own Supabase Auth. */
  readonly own: boolean;
  /** Prefix of its subjects in the view; may be empty. */
  readonly prefix: string;
}

/** Size of the column in the default table. */
const MAX_SUBJECT_LENGTH = 255;

/**
 * The subject of a verified person as it is written in the view.
 *
 * - If the issuer has a prefix: `<prefix><sub>`. A prefix contains one colon, at its end, so subjects
 *   with different prefixes never collide.
 * - Otherwise: `<sub>`, or `<iss>|<sub>` if it could be mistaken for a subject of another issuer.
 *   When Supabase Auth and another issuer both have no prefix, UUIDs belong to Supabase Auth (its ids
 *   always are UUIDs) and everything else belongs to the other issuer.
 *
 * @param sources all accepted issuers
 * @returns undefined if the view cannot contain such a subject
 */
export function subjectOf(
  { iss, sub }: { readonly iss?: string; readonly sub?: unknown },
  source: SubjectSource,
  sources: readonly SubjectSource[],
): string | undefined {
  // Postgres cannot store U+0000 or lone surrogates, and ids need no other control characters.
  if (typeof sub !== "string" || !/^[^\p{Cc}\p{Cs}]+$/u.test(sub)) return undefined;
  const subject = source.prefix !== ""
    ? source.prefix + sub
    : isAmbiguous(sub, source, sources)
    ? `${iss ?? ""}|${sub}`
    : sub;
  return subject.length > MAX_SUBJECT_LENGTH ? undefined : subject;
}

function isAmbiguous(sub: string, source: SubjectSource, sources: readonly SubjectSource[]) {
  if (sources.some(({ prefix }) => prefix !== "" && sub.startsWith(prefix))) return true;
  const shared = sources.some((other) => other.prefix === "" && other.own !== source.own);
  return shared && (isUuid(sub) !== source.own || /^https?:/.test(sub));
}
