/** A small Bookinfo as a watcher of Kubernetes is told of it, with an hour of changes. */
import type { WatchEvent } from "../../src/workloads/watch-event.js";
import {
  deploymentOf,
  forJason,
  type Json,
  kubeNowMs,
  kubeObjectOf,
  kubeTime,
  podOf,
  replicaSetOf,
  serviceOf,
  to,
  virtualServiceOf,
} from "./kube-objects.js";

/** What runs: service and version. */
const runs = [
  ["productpage", "v1"],
  ["reviews", "v1"],
  ["reviews", "v2"],
  ["reviews", "v3"],
  ["ratings", "v1"],
] as const;

/** The objects there are at first, then what happened to them; `namespace` is that of all but one Service. */
export function bookinfoEvents(): readonly WatchEvent[] {
  const startMs = kubeNowMs - 3_000_000;
  const added = (object: Json): WatchEvent => ({ type: "ADDED", object, atMs: startMs });
  const at = (minutesAgo: number, type: WatchEvent["type"], object: Json): WatchEvent => ({
    type,
    object,
    atMs: kubeNowMs - minutesAgo * 60_000,
  });
  const firestore = kubeObjectOf("networking.istio.io/v1", "ServiceEntry", "firestore", {
    spec: {
      hosts: ["firestore.googleapis.com"],
      ports: [{ number: 443, name: "tls", protocol: "TLS" }],
      resolution: "DNS",
    },
  });
  const ratingsV1 = { route: to("ratings", { v1: 100 }) };
  const delay = { delay: { fixedDelay: "7s", percentage: { value: 100 } } };
  const policy = kubeObjectOf(
    "security.istio.io/v1",
    "AuthorizationPolicy",
    "ratings-viewer",
    {
      spec: {
        selector: { matchLabels: { app: "ratings" } },
        action: "DENY",
        rules: [{ from: [{ source: { principals: ["cluster.local/ns/bookinfo/sa/bookinfo-reviews"] } }] }],
      },
    },
    { creationTimestamp: kubeTime(-1_500) },
  );
  const image = (tag: string) => ({ container: { image: `docker.io/istio/examples-bookinfo-reviews-v3:${tag}` } });
  const restarted = {
    restartCount: 2,
    lastState: { terminated: { reason: "OOMKilled", exitCode: 137, finishedAt: kubeTime(-300) } },
  };
  return [
    ...["productpage", "details", "reviews", "ratings"].map((name) => added(serviceOf(name))),
    added(serviceOf("ratings", { namespace: "shop" })),
    ...runs.flatMap(([app, version]) => [
      added(deploymentOf(app, version, app === "reviews" && version === "v3" ? image("1.20.2") : {})),
      added(replicaSetOf(app, version)),
      added(podOf(app, version)),
    ]),
    added(deploymentOf("details", "v1", { replicas: 0 })),
    added(virtualServiceOf("reviews", [{ route: to("reviews", { v1: 100 }) }])),
    added(virtualServiceOf("ratings", [ratingsV1])),
    added(firestore),
    at(40, "DELETED", firestore),
    at(30, "MODIFIED", deploymentOf("reviews", "v3", image("1.20.3"))),
    at(25, "ADDED", policy),
    at(20, "MODIFIED", virtualServiceOf("reviews", [{ route: to("reviews", { v2: 50, v3: 50 }) }])),
    at(10, "MODIFIED", virtualServiceOf("ratings", [{ match: forJason, fault: delay, ...ratingsV1 }, ratingsV1])),
    at(4, "MODIFIED", podOf("ratings", "v1", { container: restarted })),
  ];
}
