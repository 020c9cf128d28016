import { createVisit, type TestStack } from "../support/visits.ts";

/** The header that carries tokens of the second trusted issuer. */
export const HEADER = "x-firebase-token";

/** A way to send a token to the function. */
export interface Place {
  readonly name: string;
  readonly send: (origin: string, visit: string, token: string) => Promise<Response>;
}

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
export const PAGE: Place = {
  name: "page",
  send: (origin, visit, token) => fetch(`${origin}/${visit}`, { headers: bearer(token) }),
};
export const PASSES: Place = {
  name: "passes",
  send: (origin, visit, token) =>
    fetch(`${origin}/${visit}/passes`, { method: "POST", headers: bearer(token) }),
};
export const FORM: Place = {
  name: "form",
  send: (origin, visit, token) =>
    fetch(`${origin}/${visit}`, {
      method: "POST",
      body: new URLSearchParams({ access_token: token }),
    }),
};
export const IN_HEADER: Place = {
  name: "header",
  send: (origin, visit, token) => fetch(`${origin}/${visit}`, { headers: { [HEADER]: token } }),
};
/** A visit whose provider is this subject. */
export async function visitOf(stack: TestStack, subject: string): Promise<string> {
  const visit = await createVisit(stack);
  await stack.supabase.sql("update public.visit_participants set subject = $1 where id = $2", [
    subject,
    visit.provider.participantId,
  ]);
  return visit.id;
}

/**
 * What is wrong with the response to a bad token. A 503 with `Retry-After` is correct for a stranger. A
 * 429 is not: it counts the requests of a person, so the function took the attacker for one.
 */
export function attackFault(name: string, answer: Response): string | undefined {
  answer.body?.cancel();
  const { status, headers } = answer;
  const refused = (status >= 400 && status < 500 && status !== 429) ||
    (status === 503 && headers.has("retry-after"));
  return refused ? undefined : `${name}: ${status}`;
}

/** What is wrong with the response to a valid token. */
export function acceptedFault(answer: Response): string | undefined {
  answer.body?.cancel();
  return answer.ok ? undefined : `refused: ${answer.status}`;
}
