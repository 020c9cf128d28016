/** @jsxImportSource hono/jsx */
/** Who an early person meets, when, and from when they can join, with a countdown. */
import { counterpart, counterpartTitle } from "../contract/counterpart.ts";
import type { Language } from "../contract/languages.ts";
import type { Person } from "../contract/page_data.ts";
import { dateLocale, knownZone, pointInTime, timeBefore, visitTime } from "../contract/times.ts";
import { documentTexts, pageTexts } from "../i18n/languages.ts";
import { Sentence } from "./sentence.tsx";

/** A visit that opens later, as seen by one of its people. */
export interface OpeningVisit {
  /** ISO 8601. */
  readonly startsAt: string;
  /** ISO 8601. */
  readonly endsAt: string;
  readonly people: readonly Person[];
  readonly selfId: string;
}

interface OpeningModel {
  readonly language: Language;
  /** ISO 8601: when the visit opens. */
  readonly opensAt: string;
  readonly visit?: OpeningVisit | undefined;
  readonly timeZone?: string | null | undefined;
  readonly locale?: string | null | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/** The script shows all times in the device's zone if the server does not know the person's. */
export function Opening({ opensAt, visit, retryAfterSeconds, ...model }: OpeningModel) {
  const { language } = model;
  const texts = pageTexts(language);
  const [before, after] = texts.opensAt.split("{time}");
  const [countBefore, countAfter] = texts.opensIn.split("{time}");
  const zone = knownZone(model.timeZone);
  const locale = dateLocale(language, model.locale);
  const opens = visit
    ? timeBefore(opensAt, visit.startsAt, locale, zone ?? "UTC")
    : pointInTime(opensAt, language, zone, model.locale);
  return (
    <>
      {visit && <WhoAndWhen {...model} visit={visit} zone={zone} />}
      <p class="when">
        {before}
        <time id="opens" datetime={opensAt}>{opens}</time>
        {after}
      </p>
      {retryAfterSeconds !== undefined && (
        <p class="countdown" id="countdown" data-seconds={retryAfterSeconds} hidden>
          <span id="countdown-text">
            {countBefore}
            <span id="countdown-time" role="timer"></span>
            {countAfter}
          </span>
          <span id="opening" role="status" hidden>{texts.openingNow}</span>
        </p>
      )}
      <p class="trouble" id="offline" role="alert" hidden>{texts.noConnection}</p>
    </>
  );
}

function WhoAndWhen(
  { visit, language, zone, locale }: Pick<OpeningModel, "language" | "locale"> & {
    visit: OpeningVisit;
    zone: string | undefined;
  },
) {
  const { startsAt, endsAt } = visit;
  const { visit: alone, visitWith } = documentTexts(language);
  const other = counterpart(visit.people, visit.selfId);
  const time = visitTime(startsAt, endsAt, language, zone, locale);
  return (
    <p class="visit">
      <strong>
        <Sentence
          text={other ? visitWith : alone}
          about={other && { name: counterpartTitle(visit.people, visit.selfId) }}
        />
      </strong>
      <time
        id="when"
        datetime={startsAt}
        data-end={endsAt}
        data-zone={zone ?? ""}
        data-locale={dateLocale(language, locale)}
      >
        {time.text}
      </time>
      <small id="zone">{time.zone}</small>
    </p>
  );
}
