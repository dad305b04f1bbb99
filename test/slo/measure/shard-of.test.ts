import { expect, test } from "@jest/globals";
import { defaultObjectives } from "../../../src/slo/default-objectives.js";
import { scopesOf } from "../../../src/slo/measure/scopes-of.js";
import { shardCount, shardOfObjective, shardOfScope } from "../../../src/slo/measure/shard-of.js";
import type { Objective } from "../../../src/slo/objective.js";

const [availability, latency] = defaultObjectives(
  { availability: { target: 0.999, window: "30d" }, latency: { target: 0.99, thresholdMs: 300, window: "30d" } },
  [{ cluster: "default", namespace: "shop", name: "cart" }],
  [],
) as [Objective, Objective];

test("an objective is in the shard of every scope it is counted in, whatever its service, rule and threshold", () => {
  const caller = { cluster: null, namespace: "shop", name: "front" };
  const gauges = Array.from(
    { length: 40 },
    (_, n): Objective => ({
      ...availability,
      id: `gauge-${n}`,
      sli: { kind: "GAUGE", gauge: { metric: "ok", matchers: [] } },
    }),
  );
  const objectives: Objective[] = [
    availability,
    latency,
    { ...latency, service: { ...latency.service, name: "reviews" } },
    { ...availability, scope: { ...availability.scope, caller } },
    { ...availability, sli: { kind: "CONNECTIONS" } },
    ...gauges,
  ];
  for (const objective of objectives) {
    for (const scope of scopesOf([objective])) {
      expect(shardOfScope(`shard eu-1|${scope}`)).toBe(shardOfObjective(objective));
    }
  }
  expect(shardOfObjective(availability)).toBe(shardOfObjective(latency));
  expect(new Set(gauges.map(shardOfObjective)).size).toBe(shardCount);
});

test("shards stay what they are: copies of two releases share them", () => {
  const ofCaller = { ...availability, scope: { ...availability.scope, caller: { namespace: "shop", name: "front" } } };
  expect([availability, ofCaller as Objective].map(shardOfObjective)).toEqual([1, 4]);
  expect(shardOfScope("default|connections|service")).toBe(0);
});
