import { describe, expect, test } from "@jest/globals";
import { flakyRatingsImage } from "../../../src/demo/meshes/bookinfo/bookinfo-images.js";
import { bookinfoMesh } from "../../../src/demo/meshes/bookinfo/bookinfo-mesh.js";
import { scenariosOf } from "../../../src/demo/scenarios/known-scenarios.js";
import { createSimulation } from "../../../src/demo/simulation/create-simulation.js";
import type { WatchEvent } from "../../../src/workloads/watch-event.js";
import { noonMs, play } from "../play.js";
import { everyExchange } from "../tally.js";
import { type KubeObject, nameOf, objectOf } from "./kube-objects.js";

const ofKind = (changes: readonly WatchEvent[], ...kinds: string[]): readonly WatchEvent[] =>
  changes.filter((event) => kinds.includes(objectOf(event).kind));

/** Configuration and images as they stand. */
const wished = (objects: readonly unknown[]): readonly string[] =>
  (objects as readonly KubeObject[])
    .filter((one) => !["Event", "Pod", "ReplicaSet", "EndpointSlice"].includes(one.kind))
    .map((one) => `${one.kind} ${one.metadata.name} ${JSON.stringify(one.spec)}`)
    .sort();

describe("the cluster's objects", () => {
  test("are all told when a simulation is made, as old ones, with ready pods behind every service", () => {
    const events: WatchEvent[] = [];
    const simulation = createSimulation({
      mesh: bookinfoMesh,
      seed: 1,
      startMs: noonMs,
      onChange: (event) => events.push(event),
    });
    expect(new Set(events.map((event) => event.type))).toEqual(new Set(["ADDED"]));
    expect(simulation.pods()).toHaveLength(12);
    for (const event of events)
      expect(Date.parse(objectOf(event).metadata.creationTimestamp)).toBeLessThan(noonMs - 86_400_000);
    const objects = simulation.objects() as readonly KubeObject[];
    const slices = objects.filter((one) => one.kind === "EndpointSlice");
    expect(slices).toHaveLength(4);
    for (const slice of slices) for (const endpoint of slice.endpoints) expect(endpoint.conditions.ready).toBe(true);
    for (const one of objects.filter((each) => each.kind === "Deployment"))
      expect(one.status).toMatchObject({ availableReplicas: one.spec.replicas, unavailableReplicas: 0 });
  });

  test("own each other by uid: Deployment, ReplicaSet, Pod", () => {
    const objects = createSimulation({
      mesh: bookinfoMesh,
      seed: 1,
      startMs: noonMs,
    }).objects() as readonly KubeObject[];
    const byUid = new Map(objects.map((one) => [one.metadata.uid, one]));
    expect(byUid.size).toBe(objects.length);
    for (const pod of objects.filter((one) => one.kind === "Pod")) {
      const set = byUid.get(pod.metadata.ownerReferences?.[0]?.uid ?? "");
      expect(set?.kind).toBe("ReplicaSet");
      expect(byUid.get(set?.metadata.ownerReferences?.[0]?.uid ?? "")?.kind).toBe("Deployment");
    }
  });

  test.each([
    ["ratings-delay", ["MODIFIED VirtualService ratings"]],
    ["ratings-delay-v3", ["MODIFIED VirtualService ratings", "MODIFIED VirtualService reviews"]],
    ["ratings-abort", ["MODIFIED VirtualService ratings"]],
    ["rbac-denied", ["ADDED AuthorizationPolicy deny-reviews-v3"]],
    ["egress-blocked", ["DELETED ServiceEntry firestore"]],
    ["mysql-slow", ["MODIFIED VirtualService ratings"]],
  ])("change under %s by exactly what the story says, at the instant of the switch", (scenario, expected) => {
    const { changes, switchedMs } = play(scenario, 60);
    expect(changes.map(nameOf).sort()).toEqual(expected);
    for (const event of changes) {
      expect(event.atMs).toBe(switchedMs);
      if (event.type === "DELETED") continue;
      const times = objectOf(event).metadata.managedFields.map((field) => Date.parse(field.time));
      expect(Math.max(...times)).toBe(switchedMs);
    }
  });

  test("go back to what they were when the mesh is healthy again, from every scenario", () => {
    for (const { name } of scenariosOf(bookinfoMesh)) {
      const simulation = createSimulation({ mesh: bookinfoMesh, seed: 1, startMs: noonMs });
      const before = wished(simulation.objects());
      simulation.switchTo(name, noonMs + 1000);
      simulation.advance(noonMs + 60_000, () => {});
      simulation.switchTo("healthy", noonMs + 61_000);
      simulation.advance(noonMs + 300_000, () => {});
      expect(wished(simulation.objects())).toEqual(before);
      expect(simulation.pods()).toHaveLength(12);
    }
  });

  test("count versions up, keep uids, and raise the generation with the wish only", () => {
    const { changes } = play("retries-mask", 60);
    let version = 0;
    const generations = new Map<string, number>();
    for (const event of changes) {
      const { metadata, kind } = objectOf(event);
      if (event.type !== "DELETED") {
        expect(Number(metadata.resourceVersion)).toBeGreaterThan(version);
        version = Number(metadata.resourceVersion);
      }
      generations.set(`${kind} ${metadata.name}`, metadata.generation);
    }
    expect(generations.get("Deployment ratings-v1")).toBe(2);
    expect(generations.get("VirtualService ratings")).toBe(2);
  });
});

describe("a rollout", () => {
  test("replaces one pod after the other and never has fewer ready ones than wished", () => {
    const { changes, simulation } = play("retries-mask", 60);
    const ready = ofKind(changes, "EndpointSlice").map(
      (event) => objectOf(event).endpoints.filter((one) => one.conditions.ready).length,
    );
    // Two of ratings-v1 and one of ratings-v2.
    expect(Math.min(...ready)).toBe(3);
    expect(Math.max(...ready)).toBe(4);
    const pods = simulation.pods().filter((pod) => pod.workload.name === "ratings-v1");
    expect(pods.map((pod) => pod.workload.image)).toEqual([flakyRatingsImage, flakyRatingsImage]);
    const last = ofKind(changes, "Deployment").at(-1);
    expect(last === undefined ? null : objectOf(last)).toMatchObject({
      metadata: { annotations: { "deployment.kubernetes.io/revision": "2" } },
      status: { availableReplicas: 2, updatedReplicas: 2, unavailableReplicas: 0 },
    });
    expect(ofKind(changes, "Event").map((event) => objectOf(event).reason)).toContain("ScalingReplicaSet");
  });

  test("back to an old template uses its ReplicaSet again, under a new revision", () => {
    const simulation = createSimulation({ mesh: bookinfoMesh, seed: 1, startMs: noonMs, scenario: "retries-mask" });
    simulation.advance(noonMs + 60_000, () => {});
    simulation.switchTo("healthy", noonMs + 60_000);
    simulation.advance(noonMs + 180_000, () => {});
    const sets = (simulation.objects() as readonly KubeObject[]).filter(
      (one) => one.kind === "ReplicaSet" && one.metadata.name.startsWith("ratings-v1"),
    );
    expect(
      sets.map((set) => [set.metadata.annotations?.["deployment.kubernetes.io/revision"], set.spec.replicas]),
    ).toEqual([
      ["3", 2],
      ["2", 0],
    ]);
  });

  test("sends calls only to pods that are there, and to none after it is deleted", () => {
    const events: WatchEvent[] = [];
    const simulation = createSimulation({
      mesh: bookinfoMesh,
      seed: 1,
      startMs: noonMs,
      onChange: (event) => events.push(event),
    });
    simulation.switchTo("retries-mask", noonMs + 5000);
    simulation.switchTo("crashloop", noonMs + 60_000);
    const seen = new Map<string, { firstMs: number; lastMs: number }>();
    simulation.advance(noonMs + 180_000, (page) => {
      for (const call of everyExchange(page))
        for (const attempt of call.kind === "http" ? call.attempts : []) {
          const known = seen.get(attempt.pod.name) ?? { firstMs: attempt.server.startMs, lastMs: 0 };
          seen.set(attempt.pod.name, { ...known, lastMs: attempt.server.startMs });
        }
    });
    for (const [pod, { firstMs, lastMs }] of seen) {
      const told = events.filter((event) => objectOf(event).kind === "Pod" && objectOf(event).metadata.name === pod);
      expect(told[0]?.type).toBe("ADDED");
      expect(told[0]?.atMs).toBeLessThan(firstMs);
      const deletedMs = told.find((event) => event.type === "DELETED")?.atMs ?? Number.POSITIVE_INFINITY;
      expect(lastMs).toBeLessThan(deletedMs);
    }
    expect(events.filter((event) => nameOf(event).startsWith("DELETED Pod ratings-v1")).length).toBe(2);
  });
});

describe("a crash loop", () => {
  test("counts restarts up with growing waits, shrinks the endpoints, and gets the rollout stuck", () => {
    const { changes } = play("crashloop", 1200);
    const statuses = ofKind(changes, "Pod").flatMap((event) => objectOf(event).status.containerStatuses.slice(0, 1));
    const restarts = statuses.map((status) => status.restartCount);
    expect(Math.max(...restarts)).toBeGreaterThanOrEqual(7);
    expect(restarts).toEqual([...restarts].sort((one, other) => one - other));
    expect(statuses.at(-1)?.lastState?.terminated).toMatchObject({ reason: "OOMKilled", exitCode: 137 });
    expect(statuses.map((status) => status.state.waiting?.reason)).toContain("CrashLoopBackOff");
    const ready = ofKind(changes, "EndpointSlice").map(
      (event) => objectOf(event).endpoints.filter((one) => one.conditions.ready).length,
    );
    expect(new Set(ready)).toEqual(new Set([3, 4]));
    const last = ofKind(changes, "Deployment").at(-1);
    expect(last === undefined ? [] : objectOf(last).status.conditions).toContainEqual(
      expect.objectContaining({ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }),
    );
    const backOff = ofKind(changes, "Event").filter((event) => objectOf(event).reason === "BackOff");
    expect(Math.max(...backOff.map((event) => objectOf(event).count))).toBeGreaterThanOrEqual(7);
  });

  test.each([1, 2, 3, 4, 5, 6])("never lets the rollout go on, however long it lasts (seed %i)", (seed) => {
    const simulation = createSimulation({
      mesh: bookinfoMesh,
      seed,
      startMs: noonMs,
      scenario: "crashloop",
      requestsPerSecond: 0.01,
    });
    simulation.advance(noonMs + 3 * 3_600_000, () => {});
    const images = simulation.pods().filter((pod) => pod.workload.name === "ratings-v1");
    expect(images.map((pod) => pod.workload.image.replace(/.*:/, "")).sort()).toEqual(["1.20.3", "1.20.3", "1.21.0"]);
  });

  test("keeps no event for longer than an hour after it was last seen", () => {
    const simulation = createSimulation({
      mesh: bookinfoMesh,
      seed: 1,
      startMs: noonMs,
      scenario: "crashloop",
      requestsPerSecond: 0.01,
    });
    simulation.advance(noonMs + 600_000, () => {});
    simulation.switchTo("healthy", noonMs + 600_000);
    simulation.advance(noonMs + 600_000 + 3_700_000, () => {});
    expect((simulation.objects() as readonly KubeObject[]).filter((one) => one.kind === "Event")).toEqual([]);
  });
});
