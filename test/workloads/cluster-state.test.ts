import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { createClusterState } from "../../src/workloads/cluster-state.js";
import { trimObject } from "../../src/workloads/trim-object.js";
import type { WatchEvent } from "../../src/workloads/watch-event.js";
import {
  deploymentOf,
  type Json,
  kubeNowMs,
  kubeObjectOf,
  kubeTime,
  podOf,
  replicaSetOf,
  serviceOf,
  to,
  virtualServiceOf,
} from "../support/kube-objects.js";

const limits = { maxAgeMs: 21_600_000, maxChanges: 100 };
const day = { fromMs: kubeNowMs - 21_600_000, toMs: kubeNowMs + 3_600_000 };
const reviews = { namespace: "bookinfo", name: "reviews" };

type Step = readonly [WatchEvent["type"], Json, number?];

function stateAfter(...steps: readonly Step[]) {
  const state = createClusterState(limits);
  for (const [type, object, atSeconds = 0] of steps) {
    state.apply({ type, object, atMs: kubeNowMs + atSeconds * 1_000 });
  }
  return state;
}

/** Changes as `seconds from kubeNowMs, summary`. */
function told(state: ReturnType<typeof createClusterState>, service = reviews) {
  return state.changes([service], day).map(({ atMs, summary }) => [(atMs - kubeNowMs) / 1_000, summary]);
}

const route = (version: string, metadata: Json = {}) =>
  virtualServiceOf("reviews", [{ route: to("reviews", { [version]: 100 }) }], metadata);
const written = (manager: string, seconds: number, more: Json = {}) => ({ manager, time: kubeTime(seconds), ...more });

describe("the date of a change", () => {
  test("is the last write of the wish, with its writer; writes of the status do not count", () => {
    const status = written("controller", 9, { subresource: "status" });
    const state = stateAfter(
      ["ADDED", route("v1", { managedFields: [written("kubectl", -86_400)] })],
      ["MODIFIED", route("v2", { managedFields: [written("kubectl", -86_400), written("argocd", 7), status] }), 12],
    );
    expect(state.changes([reviews], day)).toMatchObject([
      { atMs: kubeNowMs + 7_000, summary: "reviews: v2 100 % (was v1 100 %)", detail: "by argocd" },
    ]);
  });

  test("is when it was noticed where the object does not tell, tells nothing new, or tells of the future", () => {
    const same = { managedFields: [written("kubectl", -86_400)] };
    const ahead = { managedFields: [written("kubectl", 500)] };
    const steps: readonly Step[] = [
      ["ADDED", route("v1")],
      ["MODIFIED", route("v2"), 10],
      ["MODIFIED", route("v3", same), 20],
      ["MODIFIED", route("v1", same), 30],
      ["MODIFIED", route("v2", ahead), 40],
      ["DELETED", route("v2", ahead), 50],
    ];
    const dates = told(stateAfter(...steps)).map(([at]) => at);
    expect(dates).toEqual([50, 40, 30, 20, 10]);
  });

  test("of an object met for the first time is its creation, and its last write where that is later", () => {
    const metadata = { creationTimestamp: kubeTime(-7_200), managedFields: [written("kubectl", -600)] };
    expect(told(stateAfter(["ADDED", route("v2", metadata)]))).toEqual([
      [-600, "changed, from what is not known; now reviews: v2 100 %"],
      [-7_200, "created: reviews: v2 100 %"],
    ]);
  });

  test("of a list read anew is not that of a creation", () => {
    const state = stateAfter(["ADDED", route("v1")], ["ADDED", route("v1"), 10], ["ADDED", route("v2"), 20]);
    expect(told(state)).toEqual([[20, "reviews: v2 100 % (was v1 100 %)"]]);
  });
});

test("a list read anew after a gap tells what came, was changed and went meanwhile, and nothing else", () => {
  const other = (name: string) => ({ ...route("v1"), metadata: { name, namespace: "bookinfo" } });
  const state = stateAfter(["ADDED", route("v1")], ["ADDED", other("gone")], ["ADDED", serviceOf("reviews")]);
  const kind = { group: "networking.istio.io", kind: "VirtualService" };
  const listed = [route("v2"), other("new")].flatMap((object) => trimObject(object) ?? []);
  state.relist(kind, null, listed, kubeNowMs + 5_000);
  state.relist(kind, null, listed, kubeNowMs + 9_000);
  state.relist(kind, "shop", [], kubeNowMs + 9_000);
  const { fromMs, toMs } = { fromMs: kubeNowMs, toMs: kubeNowMs + 60_000 };
  expect(
    state
      .changes([reviews], { fromMs, toMs })
      .map(({ name, summary }) => `${name}: ${summary}`)
      .sort(),
  ).toEqual([
    "gone: deleted (was reviews: v1 100 %)",
    "new: created: reviews: v1 100 %",
    "reviews: reviews: v2 100 % (was v1 100 %)",
  ]);
  expect(state.services()).toEqual([reviews]);
});

describe("rollouts from before anybody watched", () => {
  const template = (tag: string, hash: string) => ({
    spec: {
      template: {
        metadata: { labels: { app: "reviews", version: "v1", "pod-template-hash": hash } },
        spec: { containers: [{ name: "reviews", image: `reviews:${tag}` }] },
      },
    },
  });
  const revision = (nth: number, tag: string, seconds: number, metadata: Json = {}) =>
    replicaSetOf("reviews", "v1", `hash${nth}`, template(tag, `hash${nth}`), {
      annotations: { "deployment.kubernetes.io/revision": String(nth), ...metadata },
      creationTimestamp: kubeTime(seconds),
    });
  const base: readonly Step[] = [
    ["ADDED", serviceOf("reviews")],
    ["ADDED", deploymentOf("reviews", "v1")],
  ];

  test("are read from the revisions of its ReplicaSets", () => {
    const sets: readonly Step[] = [
      ["ADDED", revision(3, "c", -60, { "kubernetes.io/change-cause": "hotfix" })],
      ["ADDED", revision(1, "a", -9_000)],
      ["ADDED", revision(2, "b", -600)],
    ];
    const changes = stateAfter(...base, ...sets).changes([reviews], day);
    expect(changes).toMatchObject([
      { kind: "Deployment", name: "reviews-v1", summary: "image c (was b)", detail: "revision 3: hotfix" },
      { summary: "image b (was a)", detail: "revision 2" },
    ]);
  });

  test("a rollback's old ReplicaSet, and one seen while watching, tell nothing of their own", () => {
    expect(told(stateAfter(...base, ["ADDED", revision(5, "a", -9_000)], ["ADDED", revision(4, "b", -60)]))).toEqual(
      [],
    );
    expect(told(stateAfter(...base, ["ADDED", revision(1, "a", -60)], ["ADDED", revision(2, "b", 60), 60]))).toEqual(
      [],
    );
  });
});

describe("which services a change touches", () => {
  const ratings = { namespace: "bookinfo", name: "ratings" };
  const touched = (object: Json, ...others: readonly Json[]): readonly string[] => {
    const names = [reviews, ratings, { namespace: "shop", name: "reviews" }];
    const state = stateAfter(
      ["ADDED", serviceOf("reviews")],
      ["ADDED", serviceOf("ratings")],
      ["ADDED", serviceOf("reviews", { namespace: "shop" })],
      ["ADDED", deploymentOf("reviews", "v1")],
      ["ADDED", deploymentOf("ratings", "v1")],
      ...others.map((one): Step => ["ADDED", one]),
      ["ADDED", object],
      ["DELETED", object, 5],
    );
    const services = state.changes(names, { fromMs: kubeNowMs, toMs: day.toMs }).flatMap((change) => change.services);
    return services.map(({ namespace, name }) => `${namespace}/${name}`);
  };
  const istio = (group: string, kind: string, spec: Json, metadata: Json = {}) =>
    kubeObjectOf(`${group}.istio.io/v1`, kind, "x", { spec }, metadata);
  const linkerd = (kind: string, spec: Json) =>
    kubeObjectOf("policy.linkerd.io/v1beta3", kind, `the-${kind}`, { spec });
  const server = linkerd("Server", { podSelector: { matchLabels: { app: "ratings" } } });
  const toServer = { targetRef: { group: "policy.linkerd.io", kind: "Server", name: "the-Server" } };
  const here = ["bookinfo/reviews", "bookinfo/ratings"];
  const everywhere = [...here, "shop/reviews"];

  test.each<readonly [string, readonly string[], Json, ...Json[]]>([
    ["a host by its short name", ["bookinfo/reviews"], istio("networking", "VirtualService", { hosts: ["reviews"] })],
    [
      "a host by its full name",
      ["shop/reviews"],
      istio("networking", "VirtualService", { hosts: ["reviews.shop.svc.cluster.local"] }),
    ],
    [
      "a target behind a gateway",
      ["bookinfo/ratings"],
      istio("networking", "VirtualService", { hosts: ["a.example.com"], http: [{ route: to("ratings", { v1: 1 }) }] }),
    ],
    [
      "the host of a DestinationRule",
      ["bookinfo/ratings"],
      istio("networking", "DestinationRule", { host: "ratings.bookinfo" }),
    ],
    ["hosts outside", [], istio("networking", "DestinationRule", { host: "*.example.com" })],
    [
      "a selector",
      ["bookinfo/ratings"],
      istio("security", "AuthorizationPolicy", { selector: { matchLabels: { app: "ratings" } } }),
    ],
    [
      "a selector of a version",
      ["bookinfo/reviews"],
      istio("networking", "Sidecar", { workloadSelector: { labels: { app: "reviews", version: "v1" } } }),
    ],
    [
      "a selector of a version that does not run",
      [],
      istio("networking", "Sidecar", { workloadSelector: { labels: { app: "reviews", version: "v9" } } }),
    ],
    ["a namespace", here, istio("security", "PeerAuthentication", { mtls: { mode: "STRICT" } })],
    ["the root namespace", everywhere, istio("security", "PeerAuthentication", {}, { namespace: "istio-system" })],
    ["a ServiceEntry of the namespace", here, istio("networking", "ServiceEntry", { hosts: ["a.example.com"] })],
    [
      "a ServiceEntry exported to a namespace",
      everywhere,
      istio("networking", "ServiceEntry", { exportTo: [".", "shop"] }),
    ],
    [
      "a target reference",
      ["bookinfo/ratings"],
      istio("security", "AuthorizationPolicy", { targetRefs: [{ kind: "Service", name: "ratings" }] }),
    ],
    [
      "backends of an HTTPRoute",
      ["bookinfo/ratings"],
      kubeObjectOf("gateway.networking.k8s.io/v1", "HTTPRoute", "x", {
        spec: { rules: [{ backendRefs: [{ name: "ratings" }] }] },
      }),
    ],
    ["a Linkerd Server", ["bookinfo/ratings"], server],
    ["a policy of a Linkerd Server", ["bookinfo/ratings"], linkerd("AuthorizationPolicy", toServer), server],
    ["a policy of a Server nobody knows", here, linkerd("AuthorizationPolicy", toServer)],
    [
      "a policy of a route of a Server",
      ["bookinfo/ratings"],
      linkerd("AuthorizationPolicy", {
        targetRef: { group: "policy.linkerd.io", kind: "HTTPRoute", name: "the-HTTPRoute" },
      }),
      server,
      linkerd("HTTPRoute", { parentRefs: [{ ...toServer.targetRef }] }),
    ],
    [
      "a ServiceProfile",
      ["bookinfo/ratings"],
      kubeObjectOf("linkerd.io/v1alpha2", "ServiceProfile", "ratings.bookinfo.svc.cluster.local", { spec: {} }),
    ],
    ["a workload", ["bookinfo/reviews"], deploymentOf("reviews", "v2")],
    ["a Service", ["bookinfo/reviews"], serviceOf("reviews")],
  ])("%s", (_, services, object, ...others) => {
    expect(touched(object, ...others)).toEqual(services);
  });
});

describe("what befell a pod", () => {
  const base: readonly Step[] = [
    ["ADDED", serviceOf("reviews")],
    ["ADDED", deploymentOf("reviews", "v1")],
    ["ADDED", replicaSetOf("reviews", "v1")],
    ["ADDED", podOf("reviews", "v1")],
  ];
  const podName = "reviews-v1-6f6cfc45b-h5m2n";
  const event = (reason: string, more: Json = {}, name = podName): Json =>
    kubeObjectOf("v1", "Event", `${name}.${reason}.${JSON.stringify(more).length}`, {
      type: "Warning",
      reason,
      message: "Back-off restarting\nfailed container",
      involvedObject: { kind: "Pod", namespace: "bookinfo", name },
      ...more,
    });

  test("warnings are told under the workload, renewed and not repeated", () => {
    const first = event("BackOff", { count: 1, firstTimestamp: kubeTime(5), lastTimestamp: kubeTime(5) });
    const again = event("BackOff", { count: 7, firstTimestamp: kubeTime(5), lastTimestamp: kubeTime(65) });
    const state = stateAfter(...base, ["ADDED", first, 6], ["MODIFIED", again, 66]);
    expect(state.changes([reviews], day)).toMatchObject([
      {
        atMs: kubeNowMs + 65_000,
        kind: "Deployment",
        name: "reviews-v1",
        summary: "BackOff: Back-off restarting failed container (7 times)",
        detail: `seen at Pod ${podName}`,
      },
    ]);
    const early = { fromMs: kubeNowMs, toMs: kubeNowMs + 10_000 };
    expect(state.changes([reviews], early)).toMatchObject([{ atMs: kubeNowMs + 5_000 }]);
  });

  test("the newer API's events are read alike, and a pod that is gone is known by its name", () => {
    const fields = {
      note: "no room",
      regarding: { kind: "Pod", namespace: "bookinfo", name: "reviews-v1-6f6cfc45b-zzzzz" },
    };
    const { involvedObject: _, message: __, ...newer } = event("FailedScheduling", fields);
    const object = { ...newer, apiVersion: "events.k8s.io/v1", eventTime: kubeTime(3) };
    expect(told(stateAfter(...base, ["ADDED", object, 4]))).toEqual([[3, "FailedScheduling: no room"]]);
  });

  test("ordinary events, unknown objects and clocks that run ahead", () => {
    const normal = event("Pulled", { type: "Normal" });
    const stranger = event("BackOff", {}, "stranger");
    const ahead = event("Unhealthy", { lastTimestamp: kubeTime(900) });
    expect(told(stateAfter(...base, ["ADDED", normal], ["ADDED", stranger], ["ADDED", ahead, 4]))).toEqual([
      [4, "Unhealthy: Back-off restarting failed container"],
    ]);
  });

  test("ten thousand events push no change of configuration out and stay bounded", () => {
    const state = stateAfter(...base, ["ADDED", route("v1")], ["MODIFIED", route("v2"), 1]);
    for (let i = 0; i < 10_000; i++) {
      state.apply({ type: "ADDED", object: event(`Reason${i}`), atMs: kubeNowMs + 1_000 + i });
    }
    expect(state.changeCount).toBeLessThanOrEqual(2 * limits.maxChanges);
    expect(told(state).map(([, summary]) => summary)).toContain("reviews: v2 100 % (was v1 100 %)");
  });

  test("changes of objects are bounded by count and by age", () => {
    const state = createClusterState(limits);
    for (let i = 0; i < 1_000; i++) {
      state.apply({ type: "MODIFIED", object: route(`v${i}`), atMs: kubeNowMs + i * 1_000 });
    }
    expect(state.changeCount).toBeLessThanOrEqual(limits.maxChanges + 16);
    expect(told(state)[0]?.[1]).toBe("reviews: v999 100 % (was v998 100 %)");
    const old = createClusterState(limits);
    old.apply({ type: "ADDED", object: route("v1"), atMs: kubeNowMs });
    expect(old.changeCount).toBe(0);
  });
});

test("arbitrary events and objects never throw, whatever is asked after them", () => {
  const name = fc.constantFrom("reviews", "ratings", "");
  const kind = fc.constantFrom(
    ...["v1/Service", "v1/Pod", "v1/Event", "apps/v1/Deployment", "apps/v1/ReplicaSet", "v1/Secret"],
    ...["networking.istio.io/v1/VirtualService", "discovery.k8s.io/v1/EndpointSlice", "x.example.com/v1/Unknown"],
  );
  const fields = fc.dictionary(
    fc.constantFrom("spec", "status", "type", "reason", "involvedObject", "endpoints", "count", "lastTimestamp"),
    fc.oneof(
      fc.jsonValue(),
      fc.dictionary(
        fc.constantFrom(
          "selector",
          "replicas",
          "template",
          "containers",
          "containerStatuses",
          "conditions",
          "phase",
          "http",
          "kind",
          "name",
          "namespace",
        ),
        fc.jsonValue(),
      ),
    ),
  );
  const metadata = fc.record(
    {
      name,
      namespace: fc.constantFrom("bookinfo", ""),
      labels: fc.jsonValue(),
      ownerReferences: fc.jsonValue(),
      managedFields: fc.jsonValue(),
      annotations: fc.jsonValue(),
      creationTimestamp: fc.oneof(fc.string(), fc.constant(kubeTime(0))),
    },
    { requiredKeys: [] },
  );
  const object = fc.oneof(
    fc.jsonValue(),
    fc.tuple(kind, metadata, fields).map(([of, meta, rest]) => {
      const cut = of.lastIndexOf("/");
      return { ...rest, apiVersion: of.slice(0, cut), kind: of.slice(cut + 1), metadata: meta };
    }),
  );
  const event = fc.record({
    type: fc.constantFrom("ADDED" as const, "MODIFIED" as const, "DELETED" as const),
    object,
    atMs: fc.oneof(fc.integer({ min: kubeNowMs - 1_000, max: kubeNowMs }), fc.constant(Number.NaN)),
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      const state = createClusterState(limits);
      for (const one of events) state.apply(one);
      const services = state.services();
      for (const service of services) state.health(service, kubeNowMs);
      for (const change of state.changes(services, day)) {
        expect(Number.isFinite(change.atMs)).toBe(true);
        expect(change.summary).not.toBe("");
      }
    }),
    { numRuns: 200 },
  );
});
