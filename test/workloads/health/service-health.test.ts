import { describe, expect, test } from "@jest/globals";
import type { ServiceHealth } from "../../../src/telemetry/workload-source.js";
import { createClusterObjects } from "../../../src/workloads/cluster-objects.js";
import { serviceHealth } from "../../../src/workloads/health/service-health.js";
import { kubeObject } from "../../../src/workloads/kube-object.js";
import { trimObject } from "../../../src/workloads/trim-object.js";
import {
  deploymentOf,
  type Json,
  kubeNowMs,
  kubeObjectOf,
  kubeTime,
  notReady,
  podOf,
  replicaSetOf,
  serviceOf,
} from "../../support/kube-objects.js";

/** Health of the first object, a Service, in a cluster of all of them as they are kept. */
function healthOf(...[service, ...others]: readonly Json[]): ServiceHealth {
  const objects = createClusterObjects();
  for (const raw of [service, ...others]) {
    const object = trimObject(raw);
    if (object !== null) objects.put(object);
  }
  const of = kubeObject(service);
  if (of === null) throw new Error("the first object is the Service");
  return serviceHealth(of, objects, kubeNowMs);
}

const reviews = serviceOf("reviews");
const v1 = (more: Parameters<typeof deploymentOf>[2] = {}) => deploymentOf("reviews", "v1", more);
const pod = (more: Parameters<typeof podOf>[2] = {}) => podOf("reviews", "v1", more);
const set = replicaSetOf("reviews", "v1");
const waiting = (reason: string, more: Json = {}) => ({ ready: false, state: { waiting: { reason, ...more } } });
const ended = (reason: string, exitCode: number, secondsAgo = 60) => ({
  terminated: { reason, exitCode, finishedAt: kubeTime(-secondsAgo) },
});

describe("how a service is", () => {
  test("HEALTHY when as many are ready as are wanted, with its workloads and pods", () => {
    const podName = "reviews-v1-6f6cfc45b-h5m2n";
    expect(healthOf(reviews, v1(), set, pod(), deploymentOf("ratings", "v1"), podOf("ratings", "v1"))).toEqual({
      state: "HEALTHY",
      reasons: [],
      workloads: [
        {
          kind: "Deployment",
          name: "reviews-v1",
          desired: 1,
          ready: 1,
          available: 1,
          restarts: 0,
          images: ["docker.io/istio/examples-bookinfo-reviews-v1:1.20.3"],
          conditions: [],
          pods: [
            {
              name: podName,
              phase: "Running",
              isReady: true,
              restarts: 0,
              node: "node-1",
              startedAtMs: kubeNowMs - 3_600_000,
              reasons: [],
            },
          ],
        },
      ],
    });
  });

  test("DOWN when instances are wanted and none is ready, DEGRADED while another workload serves, IDLE when none is wanted", () => {
    expect(healthOf(reviews, v1({ ready: 0 }))).toMatchObject({
      state: "DOWN",
      reasons: ["reviews-v1: 0 of 1 instance ready"],
    });
    expect(healthOf(reviews, v1({ ready: 0, replicas: 3 }), deploymentOf("reviews", "v2"))).toMatchObject({
      state: "DEGRADED",
      reasons: ["reviews-v1: 0 of 3 instances ready"],
    });
    expect(healthOf(reviews, v1({ replicas: 0 }))).toMatchObject({ state: "IDLE", reasons: ["scaled to zero"] });
    expect(healthOf(reviews, v1({ replicas: 0 }), deploymentOf("reviews", "v2"))).toMatchObject({ state: "HEALTHY" });
  });

  test("DOWN when no pod has its labels, UNKNOWN where Kubernetes does not tell", () => {
    expect(healthOf(reviews)).toMatchObject({
      state: "DOWN",
      reasons: ["nothing runs behind it: no pod has the labels app=reviews"],
    });
    const alias = kubeObjectOf("v1", "Service", "db", {
      spec: { type: "ExternalName", externalName: "db.example.com" },
    });
    expect(healthOf(alias)).toMatchObject({ state: "UNKNOWN", reasons: [expect.stringContaining("db.example.com")] });
    expect(healthOf(kubeObjectOf("v1", "Service", "db", { spec: {} })).state).toBe("UNKNOWN");
  });

  test.each<readonly [string, Json, string]>([
    [
      "CrashLoopBackOff with the last end",
      pod({
        container: { ...waiting("CrashLoopBackOff"), restartCount: 5, lastState: ended("OOMKilled", 137) },
        status: { conditions: notReady },
      }),
      "container reviews is in CrashLoopBackOff after 5 restarts, it last ended with OOMKilled (exit code 137)",
    ],
    [
      "an image that cannot be pulled",
      pod({ container: { ...waiting("ImagePullBackOff"), image: "reviews:nope" }, status: { phase: "Pending" } }),
      "container reviews cannot pull its image reviews:nope (ImagePullBackOff)",
    ],
    [
      "a configuration that is missing",
      pod({ container: waiting("CreateContainerConfigError", { message: 'configmap "x"\nnot found' }) }),
      'container reviews cannot start: CreateContainerConfigError, configmap "x" not found',
    ],
    [
      "a pod that fits nowhere",
      pod({
        status: {
          phase: "Pending",
          containerStatuses: [],
          conditions: [
            { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/3 nodes: Insufficient cpu." },
          ],
        },
      }),
      "cannot be scheduled: 0/3 nodes: Insufficient cpu.",
    ],
    [
      "a start that takes long",
      pod({
        status: { phase: "Pending", conditions: [] },
        container: waiting("ContainerCreating"),
        proxy: waiting("PodInitializing"),
        metadata: { creationTimestamp: kubeTime(-300) },
      }),
      "is pending, created 5 min ago",
    ],
    [
      "a readiness probe that fails",
      pod({ container: { ready: false }, status: { conditions: notReady } }),
      "container reviews runs, but its readiness probe fails",
    ],
    [
      "a startup probe that has not passed",
      pod({ container: { ready: false, started: false }, status: { conditions: notReady } }),
      "container reviews runs, but its startup probe has not passed",
    ],
    [
      "a sidecar that is not ready",
      pod({ proxy: { ready: false }, status: { conditions: notReady } }),
      "sidecar istio-proxy is not ready",
    ],
    [
      "a restart a moment ago",
      pod({ container: { restartCount: 2, lastState: ended("Error", 137, 120) } }),
      "container reviews restarted 2 times, last 2 min ago after Error (exit code 137, killed from outside)",
    ],
    [
      "an eviction",
      pod({
        status: {
          phase: "Failed",
          reason: "Evicted",
          message: "low on memory",
          conditions: [],
          startTime: kubeTime(-9),
        },
      }),
      "was evicted: low on memory",
    ],
    ["a lost node", pod({ status: { phase: "Unknown" } }), "is in an unknown state, its node may be lost"],
    [
      "a readiness gate",
      pod({ status: { conditions: [{ type: "Ready", status: "False", reason: "ReadinessGatesNotReady" }] } }),
      "is not ready: ReadinessGatesNotReady",
    ],
  ])("%s is said in words", (_, troubled, words) => {
    const health = healthOf(reviews, v1({ replicas: 2 }), set, pod({ id: "bbbbb" }), troubled);
    expect(health.state).toBe("DEGRADED");
    expect(health.reasons).toEqual([`reviews-v1-6f6cfc45b-h5m2n: ${words}`]);
    expect(health.workloads[0]?.pods.map(({ reasons }) => reasons)).toEqual([[], [words]]);
  });

  test("a restart of long ago, a pod that is leaving and a failed pod of yesterday are no reason", () => {
    const old = pod({ container: { restartCount: 9, lastState: ended("Error", 1, 7_200) } });
    const leaving = pod({
      id: "ccccc",
      container: waiting("CrashLoopBackOff"),
      metadata: { deletionTimestamp: kubeTime(-5) },
    });
    const failed = pod({ id: "ddddd", status: { phase: "Failed", conditions: [], startTime: kubeTime(-86_400) } });
    const health = healthOf(reviews, v1(), set, old, leaving, failed);
    expect(health).toMatchObject({ state: "HEALTHY", reasons: [] });
    expect(health.workloads[0]).toMatchObject({
      restarts: 9,
      pods: [{ phase: "Terminating", isReady: false }, { phase: "Failed" }, { isReady: true }],
    });
  });

  test("pods with the same trouble are one reason, the gravest reason comes first", () => {
    const sick = ["bbbbb", "ccccc", "ddddd"].map((id) =>
      pod({ id, container: { ...waiting("ErrImagePull"), image: "x" }, status: { phase: "Pending" } }),
    );
    const restarted = pod({ id: "fffff", container: { restartCount: 1, lastState: ended("Error", 1) } });
    expect(healthOf(reviews, v1({ replicas: 4, ready: 1 }), set, restarted, ...sick).reasons).toEqual([
      "reviews-v1, 3 pods: container reviews cannot pull its image x (ErrImagePull)",
      "reviews-v1: 1 of 4 instances ready",
      "reviews-v1-6f6cfc45b-fffff: container reviews restarted 1 time, last 60 s ago after Error (exit code 1)",
    ]);
  });

  test("a pod without a sidecar among pods that have one is outside the mesh", () => {
    const bare = pod({ id: "bbbbb", hasProxy: false });
    expect(healthOf(reviews, v1({ replicas: 2 }), set, pod(), bare).reasons).toEqual([
      "reviews-v1-6f6cfc45b-bbbbb: has no sidecar, so its calls are outside the mesh",
    ]);
    expect(healthOf(reviews, v1(), set, bare)).toMatchObject({ state: "HEALTHY" });
    const ambient = { annotations: { "ambient.istio.io/redirection": "enabled" } };
    const inAmbient = pod({ id: "bbbbb", hasProxy: false, metadata: ambient });
    expect(healthOf(reviews, v1({ replicas: 2 }), set, pod(), inAmbient)).toMatchObject({ state: "HEALTHY" });
  });

  test("a native sidecar among the init containers counts, one that failed is told", () => {
    const withNative = (status: Json): Json => {
      const plain = pod({ hasProxy: false });
      const spec = { ...(plain["spec"] as Json), initContainers: [{ name: "istio-proxy", restartPolicy: "Always" }] };
      const initContainerStatuses = [{ name: "istio-proxy", restartCount: 0, ...status }];
      return { ...plain, spec, status: { ...(plain["status"] as Json), initContainerStatuses } };
    };
    expect(healthOf(reviews, v1(), set, withNative({ ready: true, state: { running: {} } })).state).toBe("HEALTHY");
    expect(healthOf(reviews, v1(), set, withNative({ ready: false, state: { running: {} } })).reasons).toEqual([
      "reviews-v1-6f6cfc45b-h5m2n: sidecar istio-proxy is not ready",
    ]);
  });

  test("a rollout that is stuck and pods that cannot be made are told by the workload", () => {
    const conditions = [
      { type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded", message: "timed out" },
      { type: "ReplicaFailure", status: "True", reason: "FailedCreate", message: "exceeded quota" },
    ];
    expect(healthOf(reviews, v1({ conditions }), set, pod())).toMatchObject({
      state: "DEGRADED",
      reasons: ["reviews-v1: its rollout is stuck: timed out", "reviews-v1: its pods cannot be made: exceeded quota"],
      workloads: [{ conditions: [{ type: "Progressing", message: "timed out" }, { type: "ReplicaFailure" }] }],
    });
  });

  test("a status older than the specification is not believed, pods are counted", () => {
    const stale = v1({ replicas: 2, ready: 2, metadata: { generation: 7 } });
    expect(healthOf(reviews, stale, set, pod())).toMatchObject({
      state: "DEGRADED",
      reasons: ["reviews-v1: 1 of 2 instances ready"],
    });
  });

  test("ready pods without a ready endpoint are DOWN; without slices endpoints are not judged", () => {
    const slice = (ready: boolean) =>
      kubeObjectOf(
        "discovery.k8s.io/v1",
        "EndpointSlice",
        "reviews-x",
        { endpoints: [{ addresses: ["10.0.0.1"], conditions: { ready }, targetRef: { kind: "Pod", name: "p" } }] },
        { labels: { "kubernetes.io/service-name": "reviews" } },
      );
    expect(healthOf(reviews, v1(), set, pod(), slice(false))).toMatchObject({
      state: "DOWN",
      reasons: ["none of its endpoints is ready, though pods are"],
    });
    expect(healthOf(reviews, v1(), set, pod(), slice(true)).state).toBe("HEALTHY");
  });

  test("StatefulSets, DaemonSets, Jobs and bare pods are workloads, done ones are not", () => {
    const labels = { app: "reviews" };
    const spec = { replicas: 2, template: { metadata: { labels } } };
    const stateful = kubeObjectOf("apps/v1", "StatefulSet", "db", { spec, status: { readyReplicas: 1 } });
    const status = { desiredNumberScheduled: 3, numberReady: 3, numberAvailable: 2 };
    const daemon = kubeObjectOf("apps/v1", "DaemonSet", "agent", { spec: { template: spec.template }, status });
    const bare = pod({ metadata: { ownerReferences: [] } });
    const owner = { apiVersion: "batch/v1", kind: "Job", name: "load", controller: true };
    const job = pod({ id: "jjjjj", metadata: { ownerReferences: [owner] } });
    const done = pod({ id: "ddddd", status: { phase: "Succeeded" } });
    const { workloads } = healthOf(reviews, stateful, daemon, bare, job, done);
    expect(
      workloads.map(({ kind, name, desired, ready, available }) => [kind, name, desired, ready, available]),
    ).toEqual([
      ["DaemonSet", "agent", 3, 3, 2],
      ["StatefulSet", "db", 2, 1, 0],
      ["Job", "load", null, 1, null],
      ["Pod", "reviews-v1-6f6cfc45b-h5m2n", 1, 1, 1],
    ]);
  });

  test("without its ReplicaSet a pod still finds its Deployment, by the hash in the name", () => {
    expect(healthOf(reviews, v1(), pod()).workloads).toMatchObject([
      { kind: "Deployment", name: "reviews-v1", desired: 1 },
    ]);
  });

  test("a Service without a selector is run by the pods its endpoints name", () => {
    const byHand = kubeObjectOf("v1", "Service", "reviews", { spec: {} });
    const slice = kubeObjectOf(
      "discovery.k8s.io/v1",
      "EndpointSlice",
      "reviews-x",
      { endpoints: [{ targetRef: { kind: "Pod", name: "reviews-v1-6f6cfc45b-h5m2n" } }] },
      { labels: { "kubernetes.io/service-name": "reviews" } },
    );
    expect(healthOf(byHand, v1(), set, pod(), slice)).toMatchObject({
      state: "HEALTHY",
      workloads: [{ name: "reviews-v1" }],
    });
  });
});
