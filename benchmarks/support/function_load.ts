/** The built function on the platform's Deno, with an upstream that answers at once: only its own cost counts. */
import { readFile } from "node:fs/promises";
import { type FunctionProcess, startFunction } from "../../dev/function/process.ts";
import { type LocalServer, serveLocally } from "../../dev/local_server.ts";
import { createIssuer, type Issuer } from "../../tests/support/issuer.ts";

/** Milliseconds of a tick in `/proc`. */
const TICK_MS = 10;

/** What a function process has used so far. */
export interface Usage {
  /** Milliseconds of a core. */
  readonly cpuMs: number;
  /** The most memory at any time, in MB. */
  readonly peakMb: number;
}

/** Reads what a process has used. Linux only. */
export async function usageOf(pid: number): Promise<Usage> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // The name before may contain spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const peakKb = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]);
  return { cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS, peakMb: peakKb / 1024 };
}

/** Answers as the database and Chime do for a person of a visit whose meeting exists. */
export function startUpstream() {
  let waiting: (() => void)[] = [];
  let together = 1;
  const server = serveLocally(async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname.endsWith("/chime_page_open")) {
      const { p_subject: subject, p_appointment: id } = await request.json();
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length < together) return;
        waiting.forEach((release) => release());
        waiting = [];
      });
      return Response.json(openedVisit(id, subject));
    }
    const { ExternalUserId } = await request.json();
    const JoinToken = "t".repeat(212);
    return Response.json({
      Attendee: { ExternalUserId, AttendeeId: crypto.randomUUID(), JoinToken },
    });
  });
  return Object.assign(server, {
    /** From now on, this many openings are answered at the same time. */
    hold: (count: number) => void (together = count),
  });
}

export function openedVisit(id: string, subject: string) {
  const now = Date.now();
  const meeting = "3fa85f64-5717-4562-b3fc-2c963f66afa6";
  const cell = "m3.ec1.app.chime.aws";
  const self = { participant_id: subject, role: "patient", display_name: "Aïcha Bello" };
  const provider = {
    participant_id: meeting,
    role: "provider",
    display_name: "Dr. Hélène Mbarga",
  };
  return {
    outcome: "found",
    via: "subject",
    session: null,
    appointment: {
      id,
      starts_at: new Date(now - 60_000).toISOString(),
      ends_at: new Date(now + 1_740_000).toISOString(),
      status: "scheduled",
      video_enabled: true,
      media_region: null,
    },
    participant: { ...self, locale: "fr-CM", time_zone: "Africa/Douala" },
    people: [provider, self],
    present: [meeting],
    provider_in: true,
    session_expires_at: new Date(now + 7_200_000).toISOString(),
    meeting: {
      id: meeting,
      request_token: meeting,
      media_region: "eu-central-1",
      chime: {
        MeetingId: meeting,
        ExternalMeetingId: meeting,
        MediaRegion: "eu-central-1",
        MediaPlacement: {
          AudioHostUrl: `audio.k.${cell}:3478`,
          AudioFallbackUrl: `wss://wss.k.${cell}:443/calls/${meeting}`,
          SignalingUrl: `wss://signal.${cell}/control/${meeting}`,
          TurnControlUrl: "https://2713.cell.eu-central-1.meetings.chime.aws/v2/turn_sessions",
        },
      },
    },
    to_delete: [],
  };
}

export interface LoadedFunction {
  readonly process: FunctionProcess;
  readonly upstream: ReturnType<typeof startUpstream>;
  /** Opens a page as a new person, and returns its bytes over the network. */
  open(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts the function behind nothing, with its own upstream. */
export async function startLoaded(run: {
  readonly deno: string;
  readonly flags: readonly string[];
  readonly worker: string;
  readonly entry: string;
}): Promise<LoadedFunction> {
  const upstream = startUpstream();
  const issuer = await createIssuer({
    issuer: `${upstream.url}/auth/v1`,
    audience: "authenticated",
  });
  const process = await startFunction({
    ...run,
    environment: environmentOf(upstream, issuer),
  });
  return {
    process,
    upstream,
    open: () => openPage(process.url, issuer),
    stop: async () => {
      await process.stop();
      await upstream.stop();
    },
  };
}

/** The function's settings. */
export function environmentOf({ url }: Pick<LocalServer, "url">, issuer: Pick<Issuer, "jwks">) {
  return {
    SUPABASE_URL: url,
    SUPABASE_SECRET_KEYS: '{"default":"sb_secret_benchmark"}',
    SUPABASE_JWKS: JSON.stringify(issuer.jwks),
    CHIME_ENDPOINT: url,
    CHIME_SDK_CDN_URL: "https://cdn.example.org",
    CHIME_PAGE_PUBLIC_URL: `${url}/functions/v1/chime-page`,
    AWS_ACCESS_KEY_ID: "key",
    AWS_SECRET_ACCESS_KEY: "secret",
  };
}

async function openPage(url: string, issuer: Issuer): Promise<number> {
  const token = await issuer.token(crypto.randomUUID(), { role: "authenticated" });
  const response = await fetch(`${url}/chime-page/${crypto.randomUUID()}`, {
    headers: {
      Accept: "text/html",
      "Accept-Encoding": "br",
      "Accept-Language": "fr-CM,fr;q=0.9",
      Authorization: `Bearer ${token}`,
    },
  });
  const { byteLength } = await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`Cannot open a page: ${response.status}`);
  return byteLength;
}
