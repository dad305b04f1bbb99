/** Kubernetes objects as the API gives them, cut to what a test says about them. */

/** The instant the made-up clusters live around. */
export const kubeNowMs = Date.parse("2026-11-21T10:00:00Z");

/** An instant as Kubernetes writes it, seconds from kubeNowMs. */
export function kubeTime(offsetSeconds: number): string {
  return new Date(kubeNowMs + offsetSeconds * 1_000).toISOString().replace(".000", "");
}

export type Json = Readonly<Record<string, unknown>>;

/** Any object; made a day ago unless metadata says otherwise. */
export function kubeObjectOf(
  apiVersion: string,
  kind: string,
  name: string,
  more: Json = {},
  metadata: Json = {},
): Json {
  return {
    apiVersion,
    kind,
    metadata: { name, namespace: "bookinfo", creationTimestamp: kubeTime(-86_400), ...metadata },
    ...more,
  };
}

/** The Service of an app. */
export function serviceOf(name: string, metadata: Json = {}): Json {
  const spec = { selector: { app: name }, ports: [{ name: "http", port: 9080, targetPort: 9080 }] };
  return kubeObjectOf("v1", "Service", name, { spec }, metadata);
}

/** A Deployment `app-version` with as many ready as given. */
export function deploymentOf(
  app: string,
  version: string,
  {
    replicas = 1,
    ready = replicas,
    container = {},
    podSpec = {},
    template = {},
    conditions = [],
    metadata = {},
  } = {} as {
    readonly replicas?: number;
    readonly ready?: number;
    readonly container?: Json;
    readonly podSpec?: Json;
    readonly template?: Json;
    readonly conditions?: readonly Json[];
    readonly metadata?: Json;
  },
): Json {
  const containers = [{ name: app, image: `docker.io/istio/examples-bookinfo-${app}-${version}:1.20.3`, ...container }];
  return kubeObjectOf(
    "apps/v1",
    "Deployment",
    `${app}-${version}`,
    {
      spec: {
        replicas,
        template: { metadata: { labels: { app, version }, ...template }, spec: { containers, ...podSpec } },
      },
      status: { observedGeneration: 1, replicas, readyReplicas: ready, availableReplicas: ready, conditions },
    },
    { generation: 1, ...metadata },
  );
}

/** The ReplicaSet between a Deployment and its pods. */
export function replicaSetOf(
  app: string,
  version: string,
  hash = "6f6cfc45b",
  more: Json = {},
  metadata: Json = {},
): Json {
  const owner = { apiVersion: "apps/v1", kind: "Deployment", name: `${app}-${version}`, controller: true };
  return kubeObjectOf("apps/v1", "ReplicaSet", `${app}-${version}-${hash}`, more, {
    ownerReferences: [owner],
    ...metadata,
  });
}

/** A pod of it with a sidecar, Running and ready unless the status says otherwise. */
export function podOf(
  app: string,
  version: string,
  {
    id = "h5m2n",
    hash = "6f6cfc45b",
    status = {},
    container = {},
    proxy = {},
    hasProxy = true,
    metadata = {},
  } = {} as {
    readonly id?: string;
    readonly hash?: string;
    readonly status?: Json;
    /** Status of the application's container. */
    readonly container?: Json;
    readonly proxy?: Json;
    readonly hasProxy?: boolean;
    readonly metadata?: Json;
  },
): Json {
  const running = { running: { startedAt: kubeTime(-3_600) } };
  const image = `docker.io/istio/examples-bookinfo-${app}-${version}:1.20.3`;
  const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: `${app}-${version}-${hash}`, controller: true };
  const proxies = hasProxy ? [{ name: "istio-proxy", image: "istio/proxyv2:1.27.1" }] : [];
  return kubeObjectOf(
    "v1",
    "Pod",
    `${app}-${version}-${hash}-${id}`,
    {
      spec: { nodeName: "node-1", containers: [{ name: app, image }, ...proxies] },
      status: {
        phase: "Running",
        startTime: kubeTime(-3_600),
        conditions: [
          { type: "PodScheduled", status: "True" },
          { type: "Ready", status: "True" },
        ],
        containerStatuses: [
          { name: app, image, ready: true, started: true, restartCount: 0, state: running, ...container },
          ...proxies.map((one) => ({ ...one, ready: true, started: true, restartCount: 0, state: running, ...proxy })),
        ],
        ...status,
      },
    },
    { labels: { app, version, "pod-template-hash": hash }, ownerReferences: [owner], ...metadata },
  );
}

/** Conditions of a pod that is not ready. */
export const notReady = [
  { type: "PodScheduled", status: "True" },
  { type: "Ready", status: "False", reason: "ContainersNotReady" },
];

/** A VirtualService of one host. */
export function virtualServiceOf(host: string, http: readonly Json[], metadata: Json = {}): Json {
  return kubeObjectOf("networking.istio.io/v1", "VirtualService", host, { spec: { hosts: [host], http } }, metadata);
}

/** A route to subsets by weight: `to("reviews", { v2: 50, v3: 50 })`. */
export function to(host: string, weights: Readonly<Record<string, number>>): readonly Json[] {
  return Object.entries(weights).map(([subset, weight]) => ({ destination: { host, subset }, weight }));
}

/** The match of one user's requests. */
export const forJason = [{ headers: { "end-user": { exact: "jason" } } }];
