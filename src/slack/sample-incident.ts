/** The incident of `meshlens slack test`: what a page looks like, marked as a test in every place. */
import type { IncidentMessageInput } from "./message/message-incident.js";

/** A sample that calls nobody. */
export function sampleIncident(nowMs: number): IncidentMessageInput {
  return {
    incident: {
      id: `test-${nowMs.toString(36)}`,
      state: "FIRING",
      severity: "PAGE",
      service: { cluster: "test", namespace: "test", name: "test" },
      objective: { name: "test", terms: "99.9 % of calls over 30 d", badWords: "Failed calls" },
      summary: "This is a test of Meshlens: nothing burns. A page looks like this",
      startedAtMs: nowMs - 60_000,
      firedAtMs: nowMs,
      recoveredAtMs: null,
      resolvedAtMs: null,
      burnConditions: [
        {
          tier: "1h/5m",
          severity: "PAGE",
          threshold: 14.4,
          long: { windowMs: 3_600_000, value: 18.2 },
          short: { windowMs: 300_000, value: 27.9 },
          met: true,
          note: null,
        },
      ],
      goodCount: 52_033,
      totalCount: 53_000,
      budget: { remainingRatio: 0.61, exhaustedAtMs: nowMs + 86_400_000 },
      budgetSpentRatio: null,
      acknowledgedBy: null,
      silence: null,
    },
    evidence: null,
    links: [],
    mentions: [],
    isInteractive: false,
  };
}
