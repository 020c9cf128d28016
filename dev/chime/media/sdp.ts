type Direction = "sendrecv" | "sendonly" | "recvonly" | "inactive";

/** A media section of an offer, as far as it is read. */
export interface Section {
  readonly kind: string;
  readonly mid: string;
  readonly direction: Direction;
  readonly rejected: boolean;
}

const LINE = "\r\n";

/** Splits an SDP into its session part and its media sections, each without its last line break. */
function split(sdp: string): string[] {
  return sdp.trimEnd().split(/\r\n(?=m=)/);
}

function join(parts: readonly string[]): string {
  return parts.join(LINE) + LINE;
}

export function readSections(offer: string): Section[] {
  return split(offer).slice(1).map((part) => ({
    kind: /^m=(\w+)/.exec(part)?.[1] ?? "",
    mid: /\r\na=mid:(\S+)/.exec(part)?.[1] ?? "",
    direction: readDirection(part),
    rejected: isRejected(part),
  }));
}

/** Port 0 rejects a section, unless it only shares the transport of another (RFC 9143, 6). */
function isRejected(part: string): boolean {
  return /^m=\w+ 0 /.test(part) && !/\r\na=bundle-only\b/.test(part);
}

function readDirection(part: string): Direction {
  const found = /\r\na=(sendrecv|sendonly|recvonly|inactive)/.exec(part)?.[1];
  return (found ?? "sendrecv") as Direction;
}

/**
 * The offer for werift. `sendonly` takes the place of `inactive`: werift would answer an inactive
 * section with port 0 and use its transceiver for another one. Sections that Firefox offers with
 * `bundle-only` get a port, because werift takes port 0 for a rejection.
 */
export function feedable(offer: string): string {
  return join(
    split(offer).map((part, at) =>
      at === 0 || isRejected(part)
        ? part
        : part.replace(/^(m=\w+) 0 /, "$1 9 ").replace("a=inactive", "a=sendonly")
    ),
  );
}

/** Label of a section's remote track; the SDK finds the attendee of a video by `v_<mid>`. */
export function trackLabel(kind: string, mid: string): string {
  return `${kind === "audio" ? "a" : "v"}_${mid}`;
}

/**
 * Changes werift's answer to what the SDK expects: inactive sections are inactive again, rejected
 * ones are not in the bundle, and every section that sends has the msid by which the SDK finds it.
 */
export function mendAnswer(answer: string, sections: readonly Section[]): string {
  const offered = new Map(sections.map((section) => [section.mid, section]));
  const [session = "", ...parts] = split(answer);
  const live: string[] = [];
  const mended = parts.map((part) => {
    const section = offered.get(/\r\na=mid:(\S+)/.exec(part)?.[1] ?? "");
    if (section === undefined || section.rejected) return part.replace(/^(m=\w+) \d+/, "$1 0");
    live.push(section.mid);
    return mendSection(part, section);
  });
  const bundle = `a=group:BUNDLE ${live.join(" ")}`;
  return join([session.replace(/a=group:BUNDLE[^\r\n]*/, bundle), ...mended]);
}

function mendSection(part: string, section: Section): string {
  let text = part
    .replace(/^(m=\w+) 0 /, "$1 9 ")
    .replace(/\r\na=msid:[^\r\n]*/g, "")
    .replace(/\r\na=ssrc:\d+ msid:[^\r\n]*/g, "");
  if (section.direction === "inactive") {
    text = text.replace(/a=(sendrecv|sendonly|recvonly|inactive)/, "a=inactive");
  }
  const sends = ["sendrecv", "sendonly"].includes(readDirection(text));
  const label = trackLabel(section.kind, section.mid);
  return sends ? `${text}${LINE}a=msid:${label} ${label}` : text;
}
