import { expect, test } from "@jest/globals";
import { againstOtherDays } from "../../../src/alerting/diagnosing/against-other-days.js";
import { diagnose } from "../../../src/diagnosis/diagnose.js";
import { type MadeCall, madeEvidence, madeWindow } from "../../support/made-traces.js";

const dayMs = 86_400_000;
const nowMs = 20 * dayMs;
/** Of two requests one fails in the search, or none. */
const shop =
  (isSick: boolean) =>
  (number: number): MadeCall => {
    const isError = isSick && number % 2 === 0;
    return { service: "gateway", isError, calls: [{ service: "search", isError }] };
  };
const incident = madeWindow(60, shop(true), nowMs);
const justBefore = [1, 2, 3].map((i) => madeWindow(40, shop(true), nowMs - i * 600_000));
const yesterday = madeWindow(60, shop(false), nowMs - dayMs);

test("an incident that burned all the time just before is held against other days, and says so", () => {
  const evidence = madeEvidence(incident, [...justBefore, yesterday]);
  const asBad = diagnose(madeEvidence(incident, justBefore));
  expect(asBad.verdict.kind).toBe("BASELINE_AS_BAD");
  const diagnosis = againstOtherDays(evidence, asBad);
  expect(diagnosis.suspects[0]?.service.name).toBe("search");
  expect(diagnosis.missing.map(({ message }) => message)).toContain(
    "The time before it burned as much: only other days are compared with.",
  );
});

test("without other days, or with another verdict, the diagnosis stays as it is", () => {
  const evidence = madeEvidence(incident, justBefore);
  const asBad = diagnose(evidence);
  expect(againstOtherDays(evidence, asBad)).toBe(asBad);
  const told = diagnose(madeEvidence(incident, [yesterday]));
  expect(againstOtherDays(madeEvidence(incident, [...justBefore, yesterday]), told)).toBe(told);
});
