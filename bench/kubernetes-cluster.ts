/** Objects of a large cluster, of the size that meshes give them: 20 namespaces of 50 services, each with 5 pods and 2 mesh objects. */
import { inTurns } from "../src/telemetry/in-turns.js";
import type { KubeAdmin } from "../test/real/backends/kube-admin.js";
import { forRealServer, namespaceOf } from "../test/real/kubernetes/story-objects.js";
import {
  deploymentOf,
  type Json,
  kubeObjectOf,
  podOf,
  replicaSetOf,
  serviceOf,
  to,
  virtualServiceOf,
} from "../test/support/kube-objects.js";

const namespaceCount = 20;
const servicesEach = 50;
const podsEach = 5;

/** How many of what; checked by the bench against what the source says it holds. */
export const clusterSize = {
  services: namespaceCount * servicesEach,
  pods: namespaceCount * servicesEach * podsEach,
  meshObjects: namespaceCount * servicesEach * 2,
} as const;

/** Writes all of them, many at a time. */
export async function fillCluster(admin: KubeAdmin, say: (line: string) => void): Promise<void> {
  for (let n = 0; n < namespaceCount; n += 1) {
    const namespace = `team-${n}`;
    await admin.put(namespaceOf(namespace));
    const objects = Array.from({ length: servicesEach }, (_, s) => objectsOf(`service-${s}`, namespace)).flat();
    await inTurns(objects, 16, (object) => admin.put(forRealServer(object)));
    say(`${n + 1} of ${namespaceCount} namespaces`);
  }
}

const env = Array.from({ length: 25 }, (_, nth) => ({ name: `SETTING_${nth}`, value: `value-${nth}-of-this-service` }));
const probe = { httpGet: { path: "/healthz", port: 8080 }, periodSeconds: 10, timeoutSeconds: 2 };
const container = {
  env,
  livenessProbe: probe,
  readinessProbe: probe,
  resources: { limits: { cpu: "1", memory: "1Gi" } },
};

function objectsOf(app: string, namespace: string): readonly Json[] {
  const metadata = { namespace, creationTimestamp: undefined };
  const route = virtualServiceOf(app, [{ route: to(app, { v1: 90, v2: 10 }), timeout: "3s" }], metadata);
  const subsets = ["v1", "v2"].map((name) => ({ name, labels: { version: name } }));
  const endpoints = Array.from({ length: podsEach }, (_, nth) => ({
    addresses: [`10.0.0.${nth + 1}`],
    conditions: { ready: true, serving: true, terminating: false },
    targetRef: { kind: "Pod", name: podName(app, nth), namespace },
  }));
  return [
    serviceOf(app, metadata),
    deploymentOf(app, "v1", { replicas: podsEach, container, metadata }),
    replicaSetOf(app, "v1", "6f6cfc45b", {}, metadata),
    ...Array.from({ length: podsEach }, (_, nth) => withContainers(podOf(app, "v1", { id: idOf(nth), metadata }))),
    kubeObjectOf(
      "discovery.k8s.io/v1",
      "EndpointSlice",
      `${app}-abcde`,
      { addressType: "IPv4", endpoints, ports: [{ name: "http", port: 8080 }] },
      { ...metadata, labels: { "kubernetes.io/service-name": app } },
    ),
    route,
    kubeObjectOf("networking.istio.io/v1", "DestinationRule", app, { spec: { host: app, subsets } }, metadata),
  ];
}

/** Pods as injection leaves them: two containers full of settings. */
function withContainers(pod: Json): Json {
  const spec = pod["spec"] as Json;
  const containers = (spec["containers"] as readonly Json[]).map((one) => ({ ...one, ...container }));
  return { ...pod, spec: { ...spec, containers } };
}

function idOf(nth: number): string {
  return `h5m2${"bcdfg"[nth] ?? "z"}`;
}

function podName(app: string, nth: number): string {
  return `${app}-v1-6f6cfc45b-${idOf(nth)}`;
}
