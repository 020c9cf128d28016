/** Runs a CloudFront Function as CloudFront does: the deployed code, its events, its limits. */
import { createContext, runInContext } from "node:vm";

interface EventValue {
  value: string;
  multiValue?: { value: string }[];
}

interface EventResponse {
  statusCode: number;
  statusDescription?: string;
  headers: Record<string, EventValue>;
  cookies: Record<string, EventValue & { attributes?: string }>;
}

/** Source: CloudFront quotas, "Maximum function size". */
const LARGEST_FUNCTION = 10 * 1024;

/** Source: "Restrictions on all edge functions", read-only headers of viewer-response. */
const READ_ONLY = ["content-encoding", "content-length", "transfer-encoding", "via", "warning"];

/**
 * Runs `code` on a response. The viewer gets a 503 if the function throws, and a 502 if CloudFront
 * refuses what it returns.
 */
export async function runViewerResponse(
  code: string,
  request: Request,
  response: Response,
): Promise<Response> {
  const event = viewerResponseEvent(request, response);
  const before = structuredClone(event.response);
  let result: EventResponse;
  try {
    result = await runHandler(code, event) as EventResponse;
  } catch (error) {
    await response.body?.cancel();
    return new Response(`The CloudFront function threw: ${error}`, { status: 503 });
  }
  const fault = faultOf(result, before);
  if (fault !== undefined) {
    await response.body?.cancel();
    return new Response(`The CloudFront function returned a bad answer: ${fault}`, { status: 502 });
  }
  const headers = new Headers();
  for (const [name, one] of Object.entries(result.headers)) {
    for (const { value } of one.multiValue ?? [one]) headers.append(name, value);
  }
  for (const [name, one] of Object.entries(result.cookies)) {
    for (const cookie of one.multiValue ?? [one]) {
      const { value, attributes } = cookie as { value: string; attributes?: string };
      headers.append("set-cookie", `${name}=${value}${attributes ? `; ${attributes}` : ""}`);
    }
  }
  const bodiless = [204, 304].includes(result.statusCode);
  if (bodiless) await response.body?.cancel();
  return new Response(bodiless ? null : response.body, { status: result.statusCode, headers });
}

/** Calls the `handler` of `code` in a separate context, as the runtime does. */
export async function runHandler(code: string, event: unknown): Promise<unknown> {
  if (new TextEncoder().encode(code).length > LARGEST_FUNCTION) {
    throw new Error("larger than 10 KB");
  }
  // As JSON, so that the function can reach none of our objects or prototypes.
  const context = createContext({ text: JSON.stringify(event) });
  const returned = runInContext(
    `${code}\n;Promise.resolve(handler(JSON.parse(text))).then((one) => JSON.stringify(one))`,
    context,
    { filename: "cloudfront_proxy.js" },
  );
  return JSON.parse(await (returned as Promise<string>));
}

/** The event of a viewer response. Source: "CloudFront Functions event structure". */
function viewerResponseEvent(request: Request, response: Response) {
  const headers: Record<string, EventValue> = {};
  for (const [name, value] of response.headers) {
    if (name !== "set-cookie") headers[name] = { value };
  }
  const cookies: EventResponse["cookies"] = {};
  for (const line of response.headers.getSetCookie()) {
    const [pair = "", ...attributes] = line.split("; ");
    const at = pair.indexOf("=");
    cookies[pair.slice(0, at)] = {
      value: pair.slice(at + 1),
      attributes: attributes.join("; "),
    };
  }
  const { pathname } = new URL(request.url);
  return {
    version: "1.0",
    context: {
      distributionDomainName: "d111111abcdef8.cloudfront.net",
      distributionId: "EDFDVBD6EXAMPLE",
      eventType: "viewer-response",
      requestId: "EXAMPLEntjQpEXAMPLE_SG5Z-EXAMPLEPmPfEu3EXAMPLE==",
    },
    viewer: { ip: "198.51.100.11" },
    request: { method: request.method, uri: pathname, querystring: {}, headers: {}, cookies: {} },
    response: {
      statusCode: response.status,
      statusDescription: response.statusText || "OK",
      headers,
      cookies,
    } as EventResponse,
  };
}

function faultOf(result: EventResponse, before: EventResponse): string | undefined {
  if (typeof result?.headers !== "object") return "no headers";
  const { statusCode } = result;
  if (!Number.isInteger(statusCode) || statusCode < 200 || statusCode > 599) {
    return `status ${statusCode}`;
  }
  for (const [name, one] of Object.entries(result.headers)) {
    if (name !== name.toLowerCase()) return `the header ${name} is not in lower case`;
    if (typeof one?.value !== "string") return `the header ${name} has no value`;
  }
  return READ_ONLY.find((name) => result.headers[name]?.value !== before.headers[name]?.value);
}
