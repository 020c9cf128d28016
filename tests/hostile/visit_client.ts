import { openByToken, pageData, type TestPerson, type TestVisit } from "../support/visits.ts";

/** A person's page: what it does with its session, and the meeting it was told to join. */
export interface PageClient {
  /** Joins; the meeting's id, or null if there is none for now. */
  join(): Promise<{ readonly status: number; readonly meetingId: string | null }>;
  /** Ends the visit; returns the HTTP status. */
  end(): Promise<number>;
  /** The meeting that this person was last told to join. */
  readonly held: string | null;
}

/** A page with this session. `origin` is where the function is, without a slash at the end. */
function createPage(
  origin: () => string,
  visitId: string,
  session: string,
  held: string | null,
): PageClient {
  const post = (route: string) =>
    fetch(`${origin()}/chime-page/${visitId}/${route}`, {
      method: "POST",
      headers: { Authorization: `Bearer ${session}` },
    });
  let told = held;
  return {
    join: async () => {
      const answer = await post("join");
      if (answer.status !== 200) {
        await answer.body?.cancel();
        return { status: answer.status, meetingId: null };
      }
      told = String((await answer.json()).meeting.MeetingId);
      return { status: 200, meetingId: told };
    },
    end: async () => {
      const answer = await post("end");
      await answer.body?.cancel();
      return answer.status;
    },
    get held() {
      return told;
    },
  };
}

/** Opens a visit by a person's token, as an app that can send headers does. */
export async function openPage(
  origin: () => string,
  visit: TestVisit,
  person: TestPerson,
): Promise<PageClient> {
  const data = await pageData(await openByToken(visit, person));
  const held = data.join?.meeting.MeetingId ?? null;
  return createPage(origin, visit.id, data.api.session, held);
}
