/** Incidents as messages show them, for tests: a page of `ratings`, with what a test says differently. */
import type { IncidentMessageInput, MessageIncident } from "../../../src/slack/message/message-incident.js";
import { firedAtMs, makeEvidence } from "../evidence.js";

const minuteMs = 60_000;

/** The incident. */
export function makeMessageIncident(differently: Partial<MessageIncident> = {}): MessageIncident {
  const { burnConditions, goodCount, totalCount, budget } = makeEvidence();
  return {
    id: "5f0c2d1e9a7b3c4d5e6f-1-mm8t9k00",
    state: "FIRING",
    severity: "PAGE",
    service: { cluster: "east", namespace: "bookinfo", name: "ratings" },
    objective: { name: "availability", terms: "99.9 % of calls over 30 d", badWords: "Failed calls" },
    summary:
      "ratings.bookinfo burns its availability budget 18.2 times too fast (1h/5m); at this pace it is spent in 24 h",
    startedAtMs: firedAtMs - minuteMs,
    firedAtMs,
    recoveredAtMs: null,
    resolvedAtMs: null,
    burnConditions,
    goodCount,
    totalCount,
    budget,
    budgetSpentRatio: null,
    acknowledgedBy: null,
    silence: null,
    ...differently,
  };
}

/** The input of a message. */
export function makeMessageInput(differently: Partial<IncidentMessageInput> = {}): IncidentMessageInput {
  return {
    incident: makeMessageIncident(),
    evidence: makeEvidence(),
    links: makeEvidence().links.slice(0, 2),
    mentions: [{ kind: "group", id: "S0ONCALL1" }],
    isInteractive: true,
    ...differently,
  };
}

/** The same incident when it is over. */
export const resolved: Partial<MessageIncident> = {
  state: "RESOLVED",
  summary: "ratings.bookinfo does not burn its availability budget any more; 52.1 % of it is left",
  recoveredAtMs: firedAtMs + 31 * minuteMs,
  resolvedAtMs: firedAtMs + 41 * minuteMs,
  budget: { remainingRatio: 0.521, exhaustedAtMs: null },
  budgetSpentRatio: 0.093,
};
