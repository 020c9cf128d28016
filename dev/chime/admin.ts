import type { WireAnswer, WireRequest } from "./control/wire.ts";
import type { MeetingEvent } from "./events.ts";
import type { Faults } from "./faults.ts";
import type { RecordedRequest } from "./requests.ts";
import { type Transcript, transcriptSchema } from "./signalling/transcript.ts";
import type { MeetingSnapshot } from "./snapshot.ts";

/** What programs may read and do over HTTP. */
export interface AdminDependencies {
  readonly faults: Faults;
  requests(): readonly RecordedRequest[];
  meetings(): readonly MeetingSnapshot[];
  events(): readonly MeetingEvent[];
  transcribe(transcript: Transcript): number;
  reset(): void;
}

/**
 * Routes for programs, under `/_chime/`; not part of Amazon's API, and not signed:
 *
 * - `GET /_chime/requests`, `/_chime/meetings`, `/_chime/events`, `/_chime/faults` answer JSON lists
 * - `POST /_chime/faults` with one fault or a list of them: 202
 * - `DELETE /_chime/faults` forgets them: 204
 * - `POST /_chime/transcripts` with `{attendee, text}`, live transcription: 202 with how many heard
 * - `POST /_chime/reset` ends and forgets meetings, requests, events and faults: 204
 *
 * A POST must say `content-type: application/json`, so that no foreign web page can send one.
 */
export function answerAdmin(request: WireRequest, dependencies: AdminDependencies): WireAnswer {
  const json = request.headers["content-type"]?.startsWith("application/json") ?? false;
  if (request.method === "POST" && !json) {
    return answer(415, { message: "Send content-type: application/json" });
  }
  switch (`${request.method} ${request.path.slice("/_chime/".length)}`) {
    case "GET requests":
      return answer(200, dependencies.requests());
    case "GET meetings":
      return answer(200, dependencies.meetings());
    case "GET events":
      return answer(200, dependencies.events());
    case "GET faults":
      return answer(200, dependencies.faults.pending());
    case "POST faults":
      return withBody(request, (asked) => {
        for (const fault of Array.isArray(asked) ? asked : [asked]) {
          dependencies.faults.addUnknown(fault);
        }
        return dependencies.faults.pending();
      });
    case "POST transcripts":
      return withBody(request, (asked) => ({
        heard: dependencies.transcribe(transcriptSchema.parse(asked)),
      }));
    case "DELETE faults":
      dependencies.faults.clear();
      return answer(204);
    case "POST reset":
      dependencies.reset();
      return answer(204);
    default:
      return answer(404, { message: "There is no such route" });
  }
}

/** Passes the JSON body to `act`; answers 400 with the reason where that fails. */
function withBody(request: WireRequest, act: (asked: unknown) => unknown): WireAnswer {
  try {
    return answer(202, act(JSON.parse(new TextDecoder().decode(request.body))));
  } catch (error) {
    return answer(400, { message: error instanceof Error ? error.message : String(error) });
  }
}

function answer(status: number, body?: unknown): WireAnswer {
  return {
    kind: "answer",
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
    body: status === 204 ? "" : JSON.stringify(body),
  };
}
