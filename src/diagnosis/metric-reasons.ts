/** Sentences from metrics, where no trace tells. Called by suspects.ts. */
import type { Reason } from "./diagnosis.js";
import type { Account, Part } from "./explain.js";
import type { Key } from "./request.js";
import { sayCount, sayPercent } from "./say.js";

/** One for the errors, one for the time. */
export function metricReasons({ parts }: Account, service: Key, nameOf: (service: Key) => string): readonly Reason[] {
  const errors = parts.find(({ change }) => change.tally.kind === "METRIC_ERRORS");
  const waits = parts.find(({ change }) => change.tally.kind === "METRIC_WAITS");
  const time = parts.find(({ change }) => change.tally.kind === "METRIC_LATENCY");
  return [
    ...(errors === undefined ? [] : [errorReason(errors, service, nameOf)]),
    ...(waits === undefined ? [] : [waitReason(waits, nameOf)]),
    ...(time === undefined ? [] : [timeReason(time, service, nameOf)]),
  ];
}

function errorReason({ change, explained }: Part, service: Key, nameOf: (service: Key) => string): Reason {
  const { tally, expectedRatio } = change;
  const { x, n } = tally.incident;
  const what =
    tally.external === null
      ? `${nameOf(service)} failed by itself`
      : `Calls of ${nameOf(service)} to ${tally.external} failed`;
  return {
    kind: tally.external === null ? "EDGE_METRICS" : "EXTERNAL",
    sentence: `${what} in ${sayCount(x)} of ${sayCount(n)} calls; ${sayCount(expectedRatio * n)} expected.`,
    numbers: { incidentCount: x, callCount: n, expectedCount: expectedRatio * n, explainedPer100: 100 * explained },
  };
}

function waitReason({ change, explained }: Part, nameOf: (service: Key) => string): Reason {
  const { tally, expectedRatio } = change;
  const { x, n } = tally.incident;
  const waitedFor = nameOf(tally.key.slice(2));
  const [owner = ""] = tally.services;
  const who =
    nameOf(owner) === waitedFor
      ? `it was slow, or whom it called`
      : `it waited for ${nameOf(owner)}, whose calls a rule delays`;
  return {
    kind: "EDGE_METRICS",
    sentence: `Callers of ${waitedFor} gave up waiting in ${sayCount(x)} of ${sayCount(n)} calls, ${sayCount(expectedRatio * n)} expected: ${who}.`,
    numbers: { incidentCount: x, callCount: n, expectedCount: expectedRatio * n, explainedPer100: 100 * explained },
  };
}

function timeReason({ change, explained }: Part, service: Key, nameOf: (service: Key) => string): Reason {
  const { tally, incidentRatio } = change;
  const [from = service, to] = tally.services;
  const what =
    to === undefined ? `The work of ${nameOf(service)} itself` : `The way from ${nameOf(from)} to ${nameOf(to)}`;
  return {
    kind: "EDGE_METRICS",
    sentence: `${what} takes longer than before: ${sayPercent(incidentRatio)} of the time of an average request is surplus there.`,
    numbers: { surplusRatio: incidentRatio, explainedPer100: 100 * explained },
  };
}
