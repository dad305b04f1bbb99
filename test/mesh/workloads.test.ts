import { describe, expect, test } from "@jest/globals";
import { MeshlensError } from "../../src/errors.js";
import { createMesh, type MeshDeps } from "../../src/mesh/create-mesh.js";
import { noClusterNames } from "../../src/mesh/identity/cluster-name.js";
import { noLinkTargets } from "../../src/mesh/links/link-targets.js";
import { createMemoryWorkloadSource } from "../../src/sources/memory/memory-workload-source.js";
import type { UpstreamCall } from "../../src/telemetry/source.js";
import { seeAll, type Visibility } from "../../src/telemetry/visibility.js";
import type { WorkloadSource } from "../../src/telemetry/workload-source.js";
import type { WatchEvent } from "../../src/workloads/watch-event.js";
import { bookinfoEvents } from "../support/bookinfo-objects.js";
import { deploymentOf, kubeNowMs, kubeObjectOf, serviceOf } from "../support/kube-objects.js";

const clock = { nowMs: () => kubeNowMs };
const window = { fromMs: kubeNowMs - 3_600_000, toMs: kubeNowMs };
const of = (name: string, cluster = "default", namespace = "bookinfo") => ({ cluster, namespace, name });

function kube(name = "kube", cluster: string | null = null, events: readonly WatchEvent[] = bookinfoEvents()) {
  const source = createMemoryWorkloadSource({
    config: { name, cluster, maxAgeMs: 21_600_000, maxChanges: 1_000 },
    clock,
  });
  source.append(events);
  return source;
}

function down(name: string, cluster: string | null): WorkloadSource {
  const fail = async () => {
    throw new MeshlensError("MESHLENS_ERR_SOURCE_UNREACHABLE", `${name} refused the connection.`, { source: name });
  };
  return { ...kube(name, cluster), services: fail, health: fail, changes: fail };
}

function readerOf(
  workloadSources: readonly WorkloadSource[],
  { visibility = seeAll, ...deps }: Partial<MeshDeps> & { readonly visibility?: Visibility } = {},
) {
  const calls: UpstreamCall[] = [];
  const mesh = createMesh({
    ...{ metricSources: [], traceSources: [], logSources: [], workloadSources },
    ...{ clock, clusters: noClusterNames, links: noLinkTargets, dialect: null },
    ...deps,
  });
  const reader = mesh.reader({
    visibility,
    signal: new AbortController().signal,
    deadlineMs: kubeNowMs + 5_000,
    onUpstreamCall: (call) => calls.push(call),
  });
  return { reader, calls, mesh };
}

const onlyBookinfo: Visibility = { namespaces: new Set(["bookinfo"]) };

describe("health and changes of services", () => {
  test("without a source they say NOT_CONFIGURED", async () => {
    const { reader } = readerOf([]);
    for (const pillar of [await reader.health(of("reviews")), await reader.changes(of("reviews"), window)]) {
      expect(pillar).toMatchObject({
        value: null,
        errors: [],
        sources: [{ kind: "kubernetes", state: "NOT_CONFIGURED" }],
      });
    }
  });

  test("any number of services is one question each to a source", async () => {
    const services = Array.from({ length: 200 }, (_, i) => of(`service-${i}`));
    const { reader, calls } = readerOf([kube()]);
    await Promise.all(services.flatMap((ref) => [reader.health(ref), reader.changes(ref, window)]));
    await reader.health(of("service-7"));
    expect(calls.map(({ operation }) => operation).sort()).toEqual(["changes", "health"]);
  });

  test("other windows are other questions", async () => {
    const { reader, calls } = readerOf([kube()]);
    const short = { fromMs: kubeNowMs - 60_000 * 12, toMs: kubeNowMs };
    const [long, last] = await Promise.all([
      reader.changes(of("ratings"), window),
      reader.changes(of("ratings"), short),
    ]);
    expect([long.value?.length, last.value?.length]).toEqual([4, 2]);
    expect(calls).toHaveLength(2);
  });

  test("each cluster's source is asked about its own services only", async () => {
    const other = [serviceOf("reviews"), deploymentOf("reviews", "v1", { ready: 0 })];
    const events = other.map((object): WatchEvent => ({ type: "ADDED", object, atMs: kubeNowMs }));
    const { reader, calls } = readerOf([kube("e", "east"), kube("w", "west", events)]);
    const [east, west] = await Promise.all([
      reader.health(of("reviews", "east")),
      reader.health(of("reviews", "west")),
    ]);
    expect([east.value?.state, west.value?.state]).toEqual(["HEALTHY", "DOWN"]);
    expect([east.sources, west.sources].map((sources) => sources.map(({ name }) => name))).toEqual([["e"], ["w"]]);
    expect(calls.map(({ query }) => JSON.parse(query))).toEqual([
      [{ namespace: "bookinfo", name: "reviews" }],
      [{ namespace: "bookinfo", name: "reviews" }],
    ]);
    const nowhere = await reader.health(of("reviews", "south"));
    expect(nowhere.sources).toMatchObject([{ state: "NOT_CONFIGURED", message: expect.stringContaining('"south"') }]);
  });

  test("a service whose telemetry names no cluster is looked for in all", async () => {
    const { reader } = readerOf([kube("e", "east"), kube("w", "west", [])]);
    expect((await reader.health(of("reviews"))).value?.state).toBe("HEALTHY");
    const twice = readerOf([kube("e", "east"), kube("w", "west")]);
    expect((await twice.reader.health(of("ratings"))).value).toMatchObject({ state: "DEGRADED", workloads: [{}, {}] });
  });

  test("a replica stands in for a dead source; all dead is null with an error each", async () => {
    const { reader } = readerOf([down("a", "east"), kube("b", "east"), down("c", "west")]);
    const health = await reader.health(of("reviews", "east"));
    expect(health).toMatchObject({ value: { state: "HEALTHY" }, errors: [] });
    expect(health.sources.map(({ state }) => state)).toEqual(["UNAVAILABLE", "OK"]);
    const dead = await reader.changes(of("reviews", "west"), window);
    expect(dead).toMatchObject({ value: null, errors: [{ details: { source: "c" } }] });
  });

  test("a source that hangs ends at the deadline and costs its own cluster only", async () => {
    const hangs: WorkloadSource = { ...kube("slow", "west"), health: () => new Promise(() => {}) };
    const mesh = readerOf([kube("quick", "east"), hangs]).mesh;
    const soon = { visibility: seeAll, signal: new AbortController().signal, deadlineMs: kubeNowMs + 50 };
    const reader = mesh.reader(soon);
    const [quick, slow] = await Promise.all([
      reader.health(of("reviews", "east")),
      reader.health(of("reviews", "west")),
    ]);
    expect(quick.value?.state).toBe("HEALTHY");
    expect(slow).toMatchObject({ value: null, sources: [{ state: "TIMEOUT" }] });
  });

  test("a source that lacks a kind is DEGRADED and says which", async () => {
    const base = kube();
    const warnings = ["it may not read pods"];
    const poor: WorkloadSource = {
      ...base,
      health: async (...args) => ({ ...(await base.health(...args)), warnings }),
    };
    const health = await readerOf([poor]).reader.health(of("reviews"));
    expect(health).toMatchObject({
      value: { state: "HEALTHY" },
      sources: [{ state: "DEGRADED", message: warnings[0] }],
    });
  });

  test("a name that is no Service is UNKNOWN with the reason", async () => {
    const health = await readerOf([kube()]).reader.health(of("nobody"));
    expect(health.value).toEqual({
      state: "UNKNOWN",
      reasons: ["Kubernetes has no Service of this name"],
      workloads: [],
    });
  });
});

describe("who may see what", () => {
  test("a namespace that is not the caller's is not asked about", async () => {
    const { reader, calls } = readerOf([kube()], { visibility: { namespaces: new Set(["shop"]) } });
    expect(await reader.health(of("reviews"))).toEqual({ value: null, sources: [], errors: [] });
    expect((await reader.changes(of("reviews"), window)).value).toBeNull();
    expect(calls).toEqual([]);
    expect(await reader.findService(of("details"), window)).toBeNull();
  });

  test("a change of a namespace the caller may not see is there without its words", async () => {
    const policy = kubeObjectOf(
      "networking.istio.io/v1",
      "VirtualService",
      "secret-plan",
      { spec: { hosts: ["reviews.bookinfo.svc.cluster.local"], http: [{ timeout: "1s" }] } },
      { namespace: "platform", creationTimestamp: new Date(kubeNowMs - 1_000).toISOString() },
    );
    const events: readonly WatchEvent[] = [
      { type: "ADDED", object: serviceOf("reviews"), atMs: kubeNowMs },
      { type: "ADDED", object: policy, atMs: kubeNowMs },
    ];
    const seen = await readerOf([kube("kube", null, events)]).reader.changes(of("reviews"), window);
    expect(seen.value).toMatchObject([{ namespace: "platform", name: "secret-plan", summary: "created: timeout 1 s" }]);
    const limited = readerOf([kube("kube", null, events)], { visibility: onlyBookinfo });
    const hidden = await limited.reader.changes(of("reviews"), window);
    expect(hidden.value).toEqual([
      {
        id: `VirtualService ${kubeNowMs - 1_000}`,
        atMs: kubeNowMs - 1_000,
        kind: "VirtualService",
        namespace: null,
        name: "hidden",
        nature: "CHANGED",
        summary: "changed in a namespace that you may not see",
        detail: null,
      },
    ]);
    expect(JSON.stringify(hidden)).not.toMatch(/platform|secret-plan|timeout/);
  });
});

describe("a service that only Kubernetes knows", () => {
  test("is found, in the cluster of its source", async () => {
    const { reader } = readerOf([kube("e", "east")]);
    const wanted = { cluster: null, namespace: "bookinfo", name: "details" };
    expect(await reader.findService(wanted, window)).toEqual({ ref: of("details", "east"), mesh: null });
    expect(await reader.findService({ ...wanted, name: "nobody" }, window)).toBeNull();
    expect(await reader.findService({ ...wanted, cluster: "west" }, window)).toBeNull();
  });

  test("must have its cluster named where two have it, and a dead source makes a no uncertain", async () => {
    const wanted = { cluster: null, namespace: "bookinfo", name: "details" };
    await expect(
      readerOf([kube("e", "east"), kube("w", "west")]).reader.findService(wanted, window),
    ).rejects.toMatchObject({
      code: "MESHLENS_ERR_QUERY_INPUT",
      message: expect.stringContaining("east, west"),
    });
    const nobody = { ...wanted, name: "nobody" };
    expect(await readerOf([down("e", "east")]).reader.findService(nobody, window)).toMatchObject({ mesh: null });
  });
});

test("reports and the list of sources name it", async () => {
  const { reader, mesh } = readerOf([kube()]);
  expect(mesh.sources).toEqual([{ name: "kube", kind: "kubernetes" }]);
  expect(await reader.sourceReports()).toMatchObject([
    { name: "kube", state: "OK", probe: { found: expect.stringContaining("objects") } },
  ]);
});
