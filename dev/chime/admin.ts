import type { Faults } from "./faults.ts";
import type { WireRequest } from "./server.ts";
import { type Transcript, transcriptSchema } from "./signalling/transcript.ts";

/** What the routes read and change. */
export interface AdminDependencies {
  readonly faults: Faults;
  requests(): unknown;
  meetings(): unknown;
  events(): unknown;
  transcribe(transcript: Transcript): number;
  reset(): void;
}

/**
 * Answers the routes for programs, under `/_chime/`; not part of Amazon's API, and not signed. The
 * README lists them. A POST must be JSON, so that no foreign web page can send one.
 */
export function answerAdmin(request: WireRequest, chime: AdminDependencies): Response {
  const { faults } = chime;
  const json = request.headers["content-type"]?.startsWith("application/json") ?? false;
  if (request.method === "POST" && !json) {
    return answer(415, { message: "Send content-type: application/json" });
  }
  switch (`${request.method} ${request.path.slice("/_chime/".length)}`) {
    case "GET requests":
      return answer(200, chime.requests());
    case "GET meetings":
      return answer(200, chime.meetings());
    case "GET events":
      return answer(200, chime.events());
    case "GET faults":
      return answer(200, faults.pending());
    case "POST faults":
      return withBody(request, (asked) => {
        for (const fault of [asked].flat()) faults.addUnknown(fault);
        return faults.pending();
      });
    case "POST transcripts":
      return withBody(request, (asked) => ({
        heard: chime.transcribe(transcriptSchema.parse(asked)),
      }));
    case "DELETE faults":
      faults.clear();
      return answer(204);
    case "POST reset":
      chime.reset();
      return answer(204);
    default:
      return answer(404, { message: "There is no such route" });
  }
}

/** Passes the JSON body to `act`; answers 400 with the reason where that fails. */
function withBody(request: WireRequest, act: (asked: unknown) => unknown): Response {
  try {
    return answer(202, act(JSON.parse(new TextDecoder().decode(request.body))));
  } catch (error) {
    return answer(400, { message: error instanceof Error ? error.message : String(error) });
  }
}

function answer(status: number, body?: unknown): Response {
  const init = { status, headers: { "cache-control": "no-store" } };
  return status === 204 ? new Response(null, init) : Response.json(body, init);
}
