import { describe, expect, test } from "@jest/globals";
import { bookinfoWithShop } from "../../../src/demo/meshes/join-meshes.js";
import { createSimulation } from "../../../src/demo/simulation/create-simulation.js";
import { createMemoryWorkloadSource } from "../../../src/sources/memory/memory-workload-source.js";
import type { WorkloadChange } from "../../../src/telemetry/workload-source.js";
import type { WatchEvent } from "../../../src/workloads/watch-event.js";
import { noonMs } from "../play.js";

/** What the memory workload source makes of a scenario after so many seconds: states by service that are not HEALTHY, and changes. */
async function readAfter(scenario: string, seconds: number) {
  let nowMs = noonMs;
  const config = { name: "demo", cluster: null, maxAgeMs: 86_400_000, maxChanges: 1000 };
  const source = createMemoryWorkloadSource({ config, clock: { nowMs: () => nowMs } });
  const onChange = (event: WatchEvent): void => source.append([event]);
  const simulation = createSimulation({ mesh: bookinfoWithShop, seed: 1, startMs: noonMs, onChange });
  simulation.switchTo(scenario, noonMs + 1000);
  simulation.advance(noonMs + seconds * 1000, () => {});
  nowMs = simulation.nowMs();
  const call = { signal: new AbortController().signal, deadlineMs: nowMs + 1000 };
  const names = (await source.services(call)).value;
  const health = (await source.health(names, call)).value;
  const ill = names.flatMap((one, index) =>
    health[index]?.state === "HEALTHY" ? [] : [`${one.name} ${health[index]?.state}`],
  );
  const changes = (await source.changes(names, { fromMs: noonMs, toMs: nowMs }, call)).value;
  return { services: names.length, ill, changes: changes.map((one: WorkloadChange) => `${one.kind} ${one.name}`) };
}

describe("the simulated cluster, read by the source of workloads", () => {
  test("is healthy and unchanged while nothing happens", async () => {
    expect(await readAfter("healthy", 60)).toEqual({ services: 17, ill: [], changes: [] });
  });

  test("lists a scenario's change among those of the services it touches", async () => {
    expect((await readAfter("ratings-delay", 60)).changes).toEqual(["VirtualService ratings"]);
    expect((await readAfter("rbac-denied", 60)).changes).toEqual(["AuthorizationPolicy deny-reviews-v3"]);
    expect((await readAfter("egress-blocked", 60)).changes).toEqual(["ServiceEntry firestore"]);
    expect((await readAfter("storm", 60)).changes).toEqual(["Deployment sessions-v1"]);
  });

  test("is healthy again after a rollout, whatever the new image does", async () => {
    expect((await readAfter("retries-mask", 60)).ill).toEqual([]);
  });

  test("is degraded where a pod crashes again and again", async () => {
    const { ill, changes } = await readAfter("crashloop", 620);
    expect(ill).toEqual(["ratings DEGRADED"]);
    expect(changes.filter((one) => one === "Deployment ratings-v1").length).toBeGreaterThan(1);
  });
});
