import type { WireAnswer, WireRequest } from "./control/wire.ts";
import type { MeetingEvent } from "./events.ts";
import type { Faults } from "./faults.ts";
import type { RecordedRequest } from "./requests.ts";
import type { MeetingSnapshot } from "./snapshot.ts";

/** What programs may see and do by HTTP. */
export interface AdminParts {
  readonly faults: Faults;
  requests(): readonly RecordedRequest[];
  meetings(): readonly MeetingSnapshot[];
  events(): readonly MeetingEvent[];
  reset(): void;
}

/**
 * Routes for programs, under `/_chime/`; not part of Amazon's API, and not signed:
 *
 * - `GET /_chime/requests`, `/_chime/meetings`, `/_chime/events`, `/_chime/faults` answer JSON lists
 * - `POST /_chime/faults` with one fault or a list of them: 202
 * - `DELETE /_chime/faults` forgets them: 204
 * - `POST /_chime/reset` ends and forgets meetings, requests, events and faults: 204
 *
 * A POST must say `content-type: application/json`, so that no foreign web page can send one.
 */
export function answerAdmin(request: WireRequest, parts: AdminParts): WireAnswer {
  const json = request.headers["content-type"]?.startsWith("application/json") ?? false;
  if (request.method === "POST" && !json) {
    return answer(415, { message: "Send content-type: application/json" });
  }
  switch (`${request.method} ${request.path.slice("/_chime/".length)}`) {
    case "GET requests":
      return answer(200, parts.requests());
    case "GET meetings":
      return answer(200, parts.meetings());
    case "GET events":
      return answer(200, parts.events());
    case "GET faults":
      return answer(200, parts.faults.pending());
    case "POST faults":
      return addFaults(request, parts.faults);
    case "DELETE faults":
      parts.faults.clear();
      return answer(204);
    case "POST reset":
      parts.reset();
      return answer(204);
    default:
      return answer(404, { message: "There is no such route" });
  }
}

function addFaults(request: WireRequest, faults: Faults): WireAnswer {
  try {
    const asked: unknown = JSON.parse(new TextDecoder().decode(request.body));
    for (const fault of Array.isArray(asked) ? asked : [asked]) faults.addUnknown(fault);
    return answer(202, faults.pending());
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
