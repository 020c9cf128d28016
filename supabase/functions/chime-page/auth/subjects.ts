import { isUuid } from "../../_shared/uuid.ts";

/** What decides how the subjects of an issuer stand in `chime_page.participants`. */
export interface SubjectSource {
  /** Whether it is the project's own Supabase Auth. */
  readonly own: boolean;
  /** What stands before each of its subjects there; nothing for subjects as they are. */
  readonly prefix: string;
}

/** What the column of the default table takes. */
const LONGEST_SUBJECT = 255;

/**
 * How a verified person stands in the view, or undefined where the view can't hold such a subject.
 *
 * With a prefix: prefix and `sub`. Prefixes end with the only colon in them, so two of them never
 * make the same text. Without one: the `sub` as it is, unless it could be taken for somebody of
 * another issuer; then `<iss>|<sub>`. Where Supabase Auth and one other issuer both have no prefix,
 * UUIDs are people of Supabase Auth, whose ids always are, and everything else is the other's.
 *
 * @param sources every issuer that is accepted
 */
export function subjectOf(
  { iss, sub }: { readonly iss?: string; readonly sub?: unknown },
  source: SubjectSource,
  sources: readonly SubjectSource[],
): string | undefined {
  // Postgres keeps neither U+0000 nor half a surrogate pair; an id has no use for the others.
  if (typeof sub !== "string" || !/^[^\p{Cc}\p{Cs}]+$/u.test(sub)) return undefined;
  const subject = source.prefix !== ""
    ? source.prefix + sub
    : isMistakable(sub, source, sources)
    ? `${iss ?? ""}|${sub}`
    : sub;
  return subject.length > LONGEST_SUBJECT ? undefined : subject;
}

function isMistakable(sub: string, source: SubjectSource, sources: readonly SubjectSource[]) {
  if (sources.some(({ prefix }) => prefix !== "" && sub.startsWith(prefix))) return true;
  const shared = sources.some((other) => other.prefix === "" && other.own !== source.own);
  return shared && (isUuid(sub) !== source.own || /^https?:/.test(sub));
}
