import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { bookinfoWithShop } from "../../../src/demo/meshes/join-meshes.js";
import { knownScenarios } from "../../../src/demo/scenarios/known-scenarios.js";
import { createSimulation } from "../../../src/demo/simulation/create-simulation.js";
import type { HttpExchange, ProxyView } from "../../../src/demo/simulation/exchange.js";
import { podOf } from "../../../src/demo/simulation/pod-names.js";
import { durationMs, principalOf } from "../../../src/demo/simulation/routes.js";
import { spanIdOf } from "../../../src/demo/simulation/trace-ids.js";
import { noonMs } from "../play.js";
import { everyExchange } from "../tally.js";

const knownStatuses = new Set([0, 200, 403, 500, 503]);
const knownFlags = new Set(["-", "DC", "DI", "DI,DC", "FI", "UF", "URX", "UH"]);
const knownDetails =
  /^(via_upstream|downstream_remote_disconnect|fault_filter_abort|no_healthy_upstream|upstream_reset_before_response_started\{.+\}|rbac_access_denied_matched_policy\[.+\])$/;
const names = knownScenarios.map((one) => one.name);
// A server hears a little later than its caller that nobody waits any more.
const heardAfterMs = 5;

function checkView(view: ProxyView): void {
  expect(view.endMs).toBeGreaterThanOrEqual(view.startMs);
  expect(knownStatuses).toContain(view.status);
  expect(knownFlags).toContain(view.flags.join(",") || "-");
  expect(view.details).toMatch(knownDetails);
}

function checkCall(call: HttpExchange, root: HttpExchange, spanIds: Set<string>): void {
  checkView(call.client);
  const { requestNumber, user, isSampled } = root;
  expect(call).toMatchObject({ requestNumber, user, isSampled });
  for (const span of [call.span, ...call.attempts.map((attempt) => attempt.span)]) {
    const id = spanIdOf(requestNumber, span);
    expect(id).toMatch(/^[0-9a-f]{16}$/);
    expect(spanIds.has(id)).toBe(false);
    spanIds.add(id);
  }
  if (call.attempts.length === 0) expect(call.client.destination).toBeNull();
  for (const attempt of call.attempts) {
    checkView(attempt.server);
    expect(attempt.pod.workload.service).toBe(call.target);
    expect(attempt.server.destination).toBe(attempt.pod);
    expect(attempt.server.startMs).toBeGreaterThanOrEqual(call.client.startMs);
    const isGivenUp = attempt.server.status === 0;
    expect(attempt.server.endMs).toBeLessThanOrEqual(call.client.endMs + (isGivenUp ? heardAfterMs : 0));
    for (const made of attempt.work?.calls ?? []) {
      const [startMs, endMs] =
        made.kind === "http" ? [made.client.startMs, made.client.endMs] : [made.startMs, made.endMs];
      expect(startMs).toBeGreaterThanOrEqual(attempt.server.startMs);
      if (!isGivenUp) expect(endMs).toBeLessThanOrEqual(attempt.server.endMs);
      expect(made.source).toBe(attempt.pod);
      if (made.kind === "http") expect(made.parentSpan).toBe(attempt.span);
    }
    const linesMs = (attempt.work?.lines ?? []).map((line) => line.atMs);
    expect(linesMs).toEqual([...linesMs].sort((one, other) => one - other));
  }
}

describe("exchanges", () => {
  test("are possible in every scenario under every seed: known outcomes, ordered times, a server for each attempt", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0 }), fc.constantFrom(...names), (seed, scenario) => {
        const simulation = createSimulation({ mesh: bookinfoWithShop, seed, startMs: noonMs, scenario });
        const rolledOutMs = noonMs + 30_000;
        simulation.advance(rolledOutMs, () => {});
        let lastMs = noonMs;
        const numbers = new Set<number>();
        simulation.advance(rolledOutMs + 3000, (root) => {
          const spanIds = new Set<string>();
          expect(root.client.startMs).toBeGreaterThan(lastMs);
          lastMs = root.client.startMs - 1;
          expect(root.parentSpan).toBeNull();
          expect(root.span).toBe(0);
          expect(numbers.has(root.requestNumber)).toBe(false);
          numbers.add(root.requestNumber);
          for (const call of everyExchange(root)) if (call.kind === "http") checkCall(call, root, spanIds);
        });
      }),
      { numRuns: 25 },
    );
  });

  test("are sampled in the wished share", () => {
    const simulation = createSimulation({ mesh: bookinfoWithShop, seed: 1, startMs: noonMs, sampledShare: 0.2 });
    let [all, sampled] = [0, 0];
    simulation.advance(noonMs + 300_000, (root) => {
      all += 1;
      if (root.isSampled) sampled += 1;
    });
    expect(Math.abs(sampled / all - 0.2)).toBeLessThan(0.03);
  });

  test("share what a scenario does not touch: a switch moves no arrival and no id", () => {
    const arrivals = (scenario: string): readonly string[] => {
      const ids: string[] = [];
      const simulation = createSimulation({ mesh: bookinfoWithShop, seed: 5, startMs: noonMs, scenario });
      simulation.advance(noonMs + 20_000, (root) => {
        ids.push(`${root.requestNumber} ${root.user} ${root.target.name}`);
      });
      return ids;
    };
    expect(arrivals("ratings-delay")).toEqual(arrivals("healthy"));
  });
});

describe("names", () => {
  test("durations are read as Istio writes them, and nothing else is one", () => {
    expect([durationMs("7s"), durationMs("2.5s"), durationMs("500ms"), durationMs("7"), durationMs(undefined)]).toEqual(
      [7000, 2500, 500, null, null],
    );
  });

  test("no pod's name or address comes twice, and principals follow service accounts", () => {
    const workload = [...bookinfoWithShop.state.deployments.values()][0]?.workload;
    if (workload === undefined) throw new Error("no workload");
    const pods = Array.from({ length: 5000 }, (_, ordinal) => podOf(workload, ordinal));
    expect(new Set(pods.map((pod) => pod.ip)).size).toBe(5000);
    expect(new Set(pods.map((pod) => pod.name)).size).toBe(5000);
    expect(principalOf({ ...workload, namespace: "a", serviceAccount: "b" })).toBe("cluster.local/ns/a/sa/b");
  });
});
