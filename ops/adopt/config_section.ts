import { type Change, fingerprint } from "./plan.ts";

export const CONFIG = "supabase/config.toml";

/** What happens to their `config.toml`, and its text afterwards. */
export interface SectionChange extends Change {
  readonly text: string;
}

const HEADER =
  /^[ \t]*\[[ \t]*functions[ \t]*\.[ \t]*(?:"chime-page"|'chime-page'|chime-page)[ \t]*\]/;

/**
 * Puts our section into a `config.toml`. Everything else in it stays as it is.
 * @param section ours, from its header to its last key
 * @param recorded the fingerprint of the section that an earlier run wrote
 */
export function planSection(
  config: string,
  section: string,
  recorded: string | undefined,
): SectionChange {
  const found = findSection(config);
  if (found === undefined) {
    if (/^[ \t]*(?:functions[ \t]*\.[ \t]*)?["']?chime-page["']?[ \t]*[.=]/m.test(config)) {
      return kept(config, section);
    }
    const ending = config.includes("\r\n") ? "\r\n" : "\n";
    const added = `${config.trimEnd()}\n\n${section}\n`.trimStart();
    return { kind: "add", path: CONFIG, text: added.replaceAll(/\r?\n/g, ending) };
  }
  if (fingerprint(found) === fingerprint(section)) {
    return { kind: "same", path: CONFIG, text: config };
  }
  if (fingerprint(found) === recorded) {
    // As a function, because a replacement text may hold `$`.
    return { kind: "update", path: CONFIG, text: config.replace(found, () => section) };
  }
  const has = new Set(settingsOf(found));
  return settingsOf(section).every((line) => has.has(line))
    ? { kind: "same", path: CONFIG, text: config }
    : kept(config, section);
}

function kept(config: string, section: string): SectionChange {
  const reason = `its section for chime-page is yours; it needs ${settingsOf(section).join(", ")}`;
  return { kind: "kept", path: CONFIG, reason, text: config };
}

/** Our section in a `config.toml`, up to its last key: later comments belong to the next section. */
export function findSection(config: string): string | undefined {
  const lines = config.split("\n");
  const start = lines.findIndex((line) => HEADER.test(line));
  if (start < 0) return undefined;
  const next = lines.findIndex((line, index) => index > start && /^[ \t]*\[/.test(line));
  const section = lines.slice(start, next < 0 ? undefined : next);
  const last = section.findLastIndex((line) => /^[ \t]*[^\s#]/.test(line));
  return section.slice(0, last + 1).join("\n").replace(/\r$/, "");
}

/** The settings of a section as `name = value`, without comments. */
function settingsOf(section: string): readonly string[] {
  return section.split("\n").slice(1).map((line) => line.replace(/#.*$/, "").trim())
    .filter((line) => line !== "")
    .map((line) => line.replace(/\s*=\s*/, " = ").replaceAll("'", '"'));
}

/** Whether the API would serve our private schema. */
export function exposesSchema(config: string): boolean {
  const api = /^[ \t]*\[api\][^\n]*\n((?:(?![ \t]*\[)[^\n]*\n?)*)/m.exec(config)?.[1] ?? "";
  return /^[ \t]*schemas[ \t]*=[ \t]*\[[^\]]*["']chime_page["']/m.test(api);
}
