import type { Issuer } from "../support/issuer.ts";
import {
  cookieOf,
  openAndSpend,
  openByToken,
  pageData,
  passUrl,
  type TestPerson,
  type TestVisit,
} from "../support/visits.ts";

/** A credential in a request; several can be combined. */
export interface Presented {
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookie?: string;
  readonly form?: Readonly<Record<string, string>>;
}

/** Opens the visit with these credentials. */
export function present(visit: TestVisit, credentials: readonly Presented[]): Promise<Response> {
  const form = credentials.flatMap((one) => Object.entries(one.form ?? {}));
  const posts = form.length > 0 || credentials.some((one) => one.query?.startsWith("link="));
  const query = credentials.flatMap((one) => one.query ?? []).join("&");
  const cookies = credentials.flatMap((one) => one.cookie ?? []);
  return fetch(`${visit.url}?${query}`, {
    method: posts ? "POST" : "GET",
    headers: {
      ...Object.assign({}, ...credentials.map((one) => one.headers ?? {})),
      ...(cookies.length > 0 ? { Cookie: cookies.join("; ") } : {}),
    },
    ...(form.length > 0 ? { body: new URLSearchParams(form) } : {}),
  });
}

/** The role of the person whose page a response is, or its status. */
export async function whose(answer: Response): Promise<string> {
  if (answer.status === 200) return (await pageData(answer)).self.role;
  await answer.body?.cancel();
  return String(answer.status);
}

/** The query of an address, without its question mark. */
export function queryOf(url: string): string {
  return new URL(url).search.slice(1);
}

/** The cookie of a session of this person. */
export async function sessionCookie(visit: TestVisit, person: TestPerson) {
  const opened = await openByToken(visit, person);
  await opened.body?.cancel();
  return { cookie: cookieOf(opened) };
}

/** A link of this person that has been used. */
export async function spentLink(visit: TestVisit, person: TestPerson): Promise<string> {
  const url = await passUrl(visit, person);
  await openAndSpend(url);
  return url;
}

/** A token that expired an hour ago. */
export function expiredToken(issuer: Issuer, subject: string): Promise<string> {
  const issued = Math.floor(Date.now() / 1000) - 7200;
  return issuer.token(subject, { iat: issued, exp: issued + 3600 });
}
