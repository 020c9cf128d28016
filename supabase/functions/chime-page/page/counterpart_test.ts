import { equal } from "node:assert/strict";
import { counterpart, counterpartTitle } from "../contract/counterpart.ts";
import type { Person, Role } from "../contract/page_data.ts";
import { problemTexts } from "../i18n/languages.ts";
import { NO_BRAND } from "./brand.ts";
import { renderProblemPage } from "./problem_page.tsx";

const person = (name: string, role: Role): Person => ({ id: name, name, role });
const doctor = person("Dr. Nkolo", "provider");
const colleague = person("Dr. Fotso", "provider");
const patient = person("Aïcha", "patient");
const interpreter = person("Marie", "guest");
/** In the order of the server: providers first, then by name. */
const everyone = [colleague, doctor, patient, interpreter];

Deno.test("a provider's counterpart is the patient, not a colleague or an interpreter", () => {
  equal(counterpart(everyone, doctor.id), patient);
  equal(counterpart([interpreter, doctor, patient], doctor.id), patient);
});

Deno.test("the counterpart of a patient and of a guest is the provider", () => {
  equal(counterpart([interpreter, patient, doctor], patient.id), doctor);
  equal(counterpart([patient, interpreter, doctor], interpreter.id), doctor);
});

Deno.test("without a patient or provider, somebody else who is invited is the counterpart", () => {
  equal(counterpart([colleague, doctor, interpreter], doctor.id), colleague);
  equal(counterpart([doctor, interpreter], doctor.id), interpreter);
  equal(counterpart([interpreter, patient], patient.id), interpreter);
  equal(counterpart([doctor], doctor.id), undefined);
});

Deno.test("a title counts the other people of a group", () => {
  equal(counterpartTitle([doctor, patient], doctor.id), "Aïcha");
  equal(counterpartTitle(everyone, doctor.id), "Aïcha + 2");
  equal(counterpartTitle(everyone, patient.id), "Dr. Fotso + 2");
  equal(counterpartTitle([doctor], doctor.id), "");
});

Deno.test("the page of a visit that has not opened counts the people of a group", () => {
  const { html } = renderProblemPage({
    language: "en",
    brand: NO_BRAND,
    cspMeta: "",
    problem: "too-early",
    texts: problemTexts("en")["too-early"],
    status: 403,
    requestId: "0c7f9e2a-0000-4000-8000-000000000000",
    opensAt: "2026-11-24T01:25:00Z",
    retryAfterSeconds: 60,
    visit: {
      startsAt: "2026-11-24T01:40:00Z",
      endsAt: "2026-11-24T02:10:00Z",
      people: everyone,
      selfId: doctor.id,
    },
  });
  equal(/<strong>(.*?)<\/strong>/.exec(html)?.[1], "Your visit with <bdi>Aïcha + 2</bdi>");
});
