/** The closed-form cases that generated rules are held to: those of pages, because tickets look back for days. */

import { objectiveId } from "../../src/slo/objective.js";
import { calls, hourMs, minuteMs, offsetMs, secondMs, steady } from "./alert-stream.js";
import { expectedOutage, type Outage } from "./closed-form.js";
import { makeObjective } from "./objectives.js";
import type { RuledCase } from "./rule-test-file.js";

const flow = 50;
const outages: readonly Outage[] = [
  [0.002, hourMs],
  [0.015, 30 * minuteMs],
  [0.015, 70 * minuteMs],
  [0.02, 50 * minuteMs],
  [0.1, 5 * minuteMs],
  [0.1, 9 * minuteMs],
  [0.1, 25 * minuteMs],
  [1, 40 * secondMs],
  [1, 3 * minuteMs],
  [1, 10 * minuteMs],
];

/** The cases; fresh ones each call. */
export function ruledCases(): readonly RuledCase[] {
  const outageCases = outages.map(([share, lengthMs]): RuledCase => {
    const objective = pagesOf(`outage-${share * 1000}-${lengthMs / 1000}`);
    const wanted = expectedOutage(objective, [share, lengthMs]);
    return {
      objective,
      counts: steady([
        { fromMs: 0, perSecond: flow, errorRatio: 0 },
        { fromMs: 0, perSecond: flow, errorRatio: share },
        { fromMs: lengthMs, perSecond: flow, errorRatio: 0 },
      ]),
      lengthMs: 3 * hourMs,
      // The engine looks half a minute behind; rules do not.
      firing: wanted === null ? null : { fromMs: wanted.fireMs - offsetMs, toMs: wanted.resolveMs - offsetMs },
    };
  });
  const rare = (everyMs: number, isFailed: (atMs: number) => boolean) =>
    calls(
      Array.from({ length: Math.floor((10 * hourMs) / everyMs) }, (_, i) => i * everyMs - 7 * hourMs).map((atMs) => ({
        atMs,
        isFailed: isFailed(atMs),
      })),
    );
  return [
    ...outageCases,
    {
      objective: pagesOf("low-traffic"),
      counts: rare(5 * minuteMs, (atMs) => atMs === 0),
      lengthMs: hourMs,
      firing: null,
    },
    {
      objective: pagesOf("low-traffic-all-fail"),
      counts: rare(minuteMs, (atMs) => atMs >= 0),
      lengthMs: hourMs,
      // The fifth failure, and `for`.
      firing: { fromMs: 5 * minuteMs, toMs: null },
    },
    {
      objective: pagesOf("idle"),
      counts: steady([
        { fromMs: 0, perSecond: flow, errorRatio: 0 },
        { fromMs: 0, perSecond: 0, errorRatio: 0 },
      ]),
      lengthMs: hourMs,
      firing: null,
    },
    {
      objective: pagesOf("born-with-78-errors"),
      counts: (atMs) => (atMs < 0 ? { failed: 0, total: 0 } : { failed: 78, total: 78 }),
      lengthMs: hourMs,
      // Met at once; both windows hold them until the shorter ones are empty of them.
      firing: { fromMs: minuteMs, toMs: 30 * minuteMs + 10 * minuteMs },
    },
  ];
}

function pagesOf(name: string) {
  const objective = makeObjective();
  const service = { cluster: null, namespace: "ruled", name };
  const tiers = objective.alerting.tiers.filter(({ severity }) => severity === "PAGE");
  return {
    ...objective,
    service,
    id: objectiveId(service, "availability"),
    alerting: { ...objective.alerting, tiers },
  };
}
