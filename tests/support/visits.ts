import { type Stack, type StackOptions, startStack } from "../../dev/stack.ts";
import { createIssuer, type Issuer } from "./issuer.ts";
import { poll } from "./patience.ts";
import { insertVisit } from "./visit_rows.ts";

/** A stack whose people sign in with asymmetric tokens, as in a new Supabase project. */
export interface TestStack extends Stack {
  readonly issuer: Issuer;
}

/** Starts a stack without demo people, with an asymmetric key of the project's own. */
export async function startTestStack(options: StackOptions = {}): Promise<TestStack> {
  const issuer = await createIssuer({
    issuer: "http://127.0.0.1/auth/v1",
    audience: "authenticated",
  });
  const stack = await startStack({
    seedFile: null,
    ...options,
    environment: {
      SUPABASE_JWKS: JSON.stringify(issuer.jwks),
      CHIME_PAGE_PASS_MINUTES: "2",
      // A busy machine is not a fault of what is tested.
      CHIME_PAGE_DEADLINE_SECONDS: "60",
      ...options.environment,
    },
  });
  return Object.assign(stack, { issuer });
}

/** What a test may choose of a visit. Minutes count from now. */
export interface VisitPlan {
  readonly startsIn?: number;
  readonly endsIn?: number;
  readonly status?: "scheduled" | "in_progress" | "completed" | "cancelled";
  readonly videoEnabled?: boolean;
  readonly providerName?: string;
  readonly patientName?: string;
  readonly patientLocale?: string | null;
}

/** A visit in the database and how its people reach it. */
export interface TestVisit {
  readonly id: string;
  /** `…/functions/v1/chime-page/<id>` */
  readonly url: string;
  readonly provider: TestPerson;
  readonly patient: TestPerson;
}

/** A person of a test visit. */
export interface TestPerson {
  readonly subject: string;
  readonly participantId: string;
  readonly token: string;
}

/** Puts an appointment with a provider and a patient into the default tables. */
export async function createVisit(
  stack: Pick<TestStack, "pageUrl" | "supabase" | "issuer">,
  plan: VisitPlan = {},
): Promise<TestVisit> {
  const id = crypto.randomUUID();
  const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
  const person = async (): Promise<TestPerson> => {
    const subject = crypto.randomUUID();
    const token = await stack.issuer.token(subject);
    return { subject, participantId: crypto.randomUUID(), token };
  };
  const [provider, patient] = [await person(), await person()];
  const rowOf = ({ subject, participantId }: TestPerson) => ({ id: participantId, subject });
  const startsIn = plan.startsIn ?? -5;
  await insertVisit(stack.supabase.sql, {
    id,
    startsAt: at(startsIn),
    endsAt: at(plan.endsIn ?? startsIn + 30),
    status: plan.status,
    videoEnabled: plan.videoEnabled,
  }, [
    {
      ...rowOf(provider),
      role: "provider",
      name: plan.providerName ?? "Dr. Ngo Bassa",
      locale: null,
    },
    {
      ...rowOf(patient),
      role: "patient",
      name: plan.patientName ?? "Amina Yaya",
      locale: plan.patientLocale ?? null,
    },
  ]);
  return { id, url: `${stack.pageUrl}/${id}`, provider, patient };
}

/** Opens a page by bearer token, as a host that can send headers does. */
export function openByToken(
  visit: TestVisit,
  person: { readonly token: string },
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(visit.url, {
    headers: { Authorization: `Bearer ${person.token}`, Accept: "text/html", ...headers },
  });
}

/** A fresh link of a person. `order` is the body of the request; without one it asks for a pass. */
export async function passUrl(
  visit: TestVisit,
  person: { token: string },
  order?: Readonly<Record<string, unknown>>,
): Promise<string> {
  const answer = await fetch(`${visit.url}/passes`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${person.token}`,
      ...(order ? { "Content-Type": "application/json" } : {}),
    },
    ...(order ? { body: JSON.stringify(order) } : {}),
  });
  if (answer.status !== 201) throw new Error(`No pass: ${answer.status} ${await answer.text()}`);
  return (await answer.json()).url;
}

/** Opens an address and sends the page's first request, which spends a link. Returns the page's data. */
export async function openAndSpend(url: string, init: RequestInit = {}) {
  const data = await pageData(await fetch(url, init));
  await statusOf(data);
  return data;
}

/** The HTTP status of a page's own request `GET …/status`. */
export async function statusOf(
  page: { readonly api: { readonly base: string; readonly session: string } },
): Promise<number> {
  const answer = await fetch(`${page.api.base}/status`, {
    headers: { Authorization: `Bearer ${page.api.session}` },
  });
  await answer.body?.cancel();
  return answer.status;
}

/** The data block of a page. */
export async function pageData(answer: Response) {
  const html = await answer.text();
  const block = /<script type="application\/json" id="visit-data">(.*?)<\/script>/s.exec(html)?.[1];
  if (block === undefined) throw new Error(`No data block in: ${html.slice(0, 300)}`);
  return JSON.parse(
    block,
  ) as import("../../supabase/functions/chime-page/contract/page_data.ts").VisitPageData;
}

/** The tab that a page names in the query of its reload. */
export function tabOf({ query }: { readonly query: string }): string {
  return new URLSearchParams(query).get("tab") ?? "";
}

/** The session cookie of a response, as a browser would send it back. */
export function cookieOf(answer: Response): string {
  return (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
}

/** How many calls of an operation Chime received since `mark`, without those that it throttled. */
export function chimeCalls(stack: Stack, operation: string, mark = 0): number {
  return stack.chime.requests().slice(mark)
    .filter((one) => one.operation === operation && one.status !== 429).length;
}

/** The log line of one request, once it has arrived. */
export async function logLine(
  stack: Stack,
  requestId: string | null,
): Promise<Record<string, unknown>> {
  const find = () => stack.log.find((text) => requestId !== null && text.includes(requestId));
  const line = await poll(
    `the log line of request ${requestId}`,
    find,
    (found) => found !== undefined,
  );
  return JSON.parse(line ?? "");
}

/** The header that carries a token or a page's session. */
export function bearer(token: string): { readonly Authorization: string } {
  return { Authorization: `Bearer ${token}` };
}

/** Status and name of the problem that a response to a program is. */
export async function problemOf(answer: Response): Promise<[status: number, name: string]> {
  return [answer.status, (await answer.json()).type.replace("urn:chime-page:problem:", "")];
}

/** How many rows the openings of a visit have left behind. */
export async function traces(stack: Stack, visit: Pick<TestVisit, "id">) {
  const [row] = await stack.supabase.sql(
    `select
       (select count(*) from chime_page.meetings where appointment_id = $1)::int as meetings,
       (select count(*) from chime_page.sessions where appointment_id = $1)::int as sessions,
       (select count(*) from chime_page.passes where appointment_id = $1 and opened_at is not null)::int
         as opened`,
    [visit.id],
  );
  return row;
}
