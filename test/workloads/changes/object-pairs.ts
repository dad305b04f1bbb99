/** A closed set of changes: each object before and after, as tables of sentences are made from (described-changes.md). */
import {
  deploymentOf,
  forJason,
  type Json,
  kubeObjectOf,
  serviceOf,
  to,
  virtualServiceOf,
} from "../../support/kube-objects.js";

/** One change; null for before it was there or after it is gone. */
export interface ObjectPair {
  readonly title: string;
  readonly before: Json | null;
  readonly after: Json | null;
}

const allToV1 = [{ route: to("reviews", { v1: 100 }) }];
const ratingsV1 = { route: to("ratings", { v1: 100 }) };
const delay = { delay: { fixedDelay: "7s", percentage: { value: 100 } } };
const abort = { abort: { httpStatus: 500, percentage: { value: 12.5 } } };
const jasonDelayed = { match: forJason, fault: delay, ...ratingsV1 };

const istio = (group: string, kind: string, name: string, spec: Json): Json =>
  kubeObjectOf(`${group}.istio.io/v1`, kind, name, { spec });
const reviews = (http: readonly Json[]) => virtualServiceOf("reviews", http);
const ratings = (http: readonly Json[]) => virtualServiceOf("ratings", http);
const rule = (trafficPolicy: Json, subsets: readonly Json[] = []) =>
  istio("networking", "DestinationRule", "reviews", { host: "reviews", trafficPolicy, subsets });
const v = (name: string) => ({ name, labels: { version: name } });
const firestore = (more: Json = {}) =>
  istio("networking", "ServiceEntry", "firestore", {
    hosts: ["firestore.googleapis.com"],
    ports: [{ number: 443, name: "tls", protocol: "TLS" }],
    resolution: "DNS",
    ...more,
  });
const denied = (more: Json = {}) =>
  istio("security", "AuthorizationPolicy", "ratings-viewer", {
    selector: { matchLabels: { app: "ratings" } },
    action: "DENY",
    rules: [{ from: [{ source: { principals: ["cluster.local/ns/bookinfo/sa/bookinfo-reviews"] } }] }],
    ...more,
  });
const peer = (mode: string, more: Json = {}) =>
  istio("security", "PeerAuthentication", "default", { mtls: { mode }, ...more });
const sidecar = (mode: string, hosts: readonly string[]) =>
  istio("networking", "Sidecar", "default", { outboundTrafficPolicy: { mode }, egress: [{ hosts }] });
const httpRoute = (rules: readonly Json[], apiVersion = "gateway.networking.k8s.io/v1") =>
  kubeObjectOf(apiVersion, "HTTPRoute", "reviews", {
    spec: { parentRefs: [{ kind: "Service", name: "reviews" }], rules },
  });
const backends = (weights: Readonly<Record<string, number>>) =>
  Object.entries(weights).map(([name, weight]) => ({ name, port: 9080, weight }));
const linkerd = (kind: string, name: string, spec: Json) =>
  kubeObjectOf("policy.linkerd.io/v1beta3", kind, name, { spec });
const details = (container: Json, more = {}) => deploymentOf("details", "v1", { container, ...more });
const env = (values: Readonly<Record<string, string>>) => ({
  env: Object.entries(values).map(([name, value]) => ({ name, value })),
});

const namespaceWith = (metadata: Json) => kubeObjectOf("v1", "Namespace", "bookinfo", {}, metadata);

/** Every kind with its ways to change. */
export const objectPairs: readonly ObjectPair[] = [
  // VirtualService: scenarios of the demo first
  { title: "canary-split", before: reviews(allToV1), after: reviews([{ route: to("reviews", { v2: 50, v3: 50 }) }]) },
  { title: "ratings-delay", before: ratings([ratingsV1]), after: ratings([jasonDelayed, ratingsV1]) },
  { title: "ratings-delay, new object", before: null, after: ratings([jasonDelayed, ratingsV1]) },
  { title: "ratings-delay is over", before: ratings([jasonDelayed, ratingsV1]), after: ratings([ratingsV1]) },
  { title: "ratings-abort", before: ratings([ratingsV1]), after: ratings([{ fault: abort, ...ratingsV1 }]) },
  {
    title: "delay and abort",
    before: ratings([ratingsV1]),
    after: ratings([{ fault: { ...delay, ...abort }, ...ratingsV1 }]),
  },
  {
    title: "gRPC abort",
    before: ratings([ratingsV1]),
    after: ratings([{ fault: { abort: { grpcStatus: "UNAVAILABLE", percentage: { value: 50 } } }, ...ratingsV1 }]),
  },
  {
    title: "fault without a percentage",
    before: ratings([ratingsV1]),
    after: ratings([{ fault: { delay: { fixedDelay: "2s" } }, ...ratingsV1 }]),
  },
  {
    title: "timeout and retries",
    before: reviews(allToV1),
    after: reviews([
      { ...allToV1[0], timeout: "3s", retries: { attempts: 2, perTryTimeout: "1.5s", retryOn: "5xx,reset" } },
    ]),
  },
  {
    title: "timeout shortened",
    before: reviews([{ ...allToV1[0], timeout: "10s" }]),
    after: reviews([{ ...allToV1[0], timeout: "500ms" }]),
  },
  { title: "timeout removed", before: reviews([{ ...allToV1[0], timeout: "1m30s" }]), after: reviews(allToV1) },
  {
    title: "retries off",
    before: reviews([{ ...allToV1[0], retries: { attempts: 3 } }]),
    after: reviews([{ ...allToV1[0], retries: { attempts: 0 } }]),
  },
  {
    title: "mirror",
    before: reviews(allToV1),
    after: reviews([{ ...allToV1[0], mirror: { host: "reviews", subset: "v3" }, mirrorPercentage: { value: 20 } }]),
  },
  {
    title: "several mirrors",
    before: reviews(allToV1),
    after: reviews([
      {
        ...allToV1[0],
        mirrors: [
          { destination: { host: "shadow.lab.svc.cluster.local" }, percentage: { value: 5 } },
          { destination: { host: "reviews", subset: "v2" } },
        ],
      },
    ]),
  },
  {
    title: "another host",
    before: reviews(allToV1),
    after: reviews([{ route: [{ destination: { host: "reviews.next" } }] }]),
  },
  {
    title: "a path of its own",
    before: reviews(allToV1),
    after: reviews([
      { match: [{ uri: { prefix: "/api" }, method: { exact: "GET" } }], route: to("reviews", { v2: 100 }) },
      ...allToV1,
    ]),
  },
  {
    title: "order of routes",
    before: reviews([{ match: forJason, route: to("reviews", { v2: 100 }) }, ...allToV1]),
    after: reviews([...allToV1, { match: forJason, route: to("reviews", { v2: 100 }) }]),
  },
  {
    title: "everything at once",
    before: reviews(allToV1),
    after: reviews([
      {
        route: to("reviews", { v3: 100 }),
        fault: delay,
        timeout: "1s",
        retries: { attempts: 1 },
        rewrite: { uri: "/" },
      },
    ]),
  },
  {
    title: "tcp route",
    before: istio("networking", "VirtualService", "mongo", {
      hosts: ["mongo"],
      tcp: [{ route: to("mongo", { v1: 100 }) }],
    }),
    after: istio("networking", "VirtualService", "mongo", {
      hosts: ["mongo"],
      tcp: [{ route: to("mongo", { v1: 80, v2: 20 }) }],
    }),
  },
  {
    title: "hosts and gateways",
    before: istio("networking", "VirtualService", "bookinfo", { hosts: ["a.example.com"], gateways: ["old"] }),
    after: istio("networking", "VirtualService", "bookinfo", {
      hosts: ["a.example.com", "b.example.com"],
      gateways: ["new"],
    }),
  },
  {
    title: "header values",
    before: reviews(allToV1),
    after: reviews([
      { ...allToV1[0], headers: { request: { set: { "x-upstream": "hunter2" } } } },
      { match: [{ headers: { authorization: { exact: "Bearer hunter2" } } }], route: to("reviews", { v2: 100 }) },
    ]),
  },
  { title: "VirtualService deleted", before: reviews([{ ...allToV1[0], timeout: "3s" }]), after: null },
  // DestinationRule
  { title: "subset added", before: rule({}, [v("v1")]), after: rule({}, [v("v1"), v("v2")]) },
  {
    title: "subset relabelled",
    before: rule({}, [v("v1")]),
    after: rule({}, [{ name: "v1", labels: { version: "v1.1" } }]),
  },
  {
    title: "circuit breaker",
    before: rule({ connectionPool: { http: { http1MaxPendingRequests: 1024 } } }),
    after: rule({
      connectionPool: { http: { http1MaxPendingRequests: 1 } },
      outlierDetection: { consecutive5xxErrors: 1 },
    }),
  },
  { title: "TLS", before: rule({ tls: { mode: "ISTIO_MUTUAL" } }), after: rule({ tls: { mode: "DISABLE" } }) },
  {
    title: "TLS with a credential",
    before: rule({ tls: { mode: "SIMPLE", credentialName: "one" } }),
    after: rule({ tls: { mode: "SIMPLE", credentialName: "two" } }),
  },
  // ServiceEntry, AuthorizationPolicy, PeerAuthentication, Sidecar
  { title: "egress-blocked", before: firestore(), after: null },
  { title: "egress-firestore", before: null, after: firestore() },
  {
    title: "entry changed",
    before: firestore(),
    after: firestore({ resolution: "NONE", ports: [{ number: 443, protocol: "HTTPS" }] }),
  },
  { title: "rbac-denied", before: null, after: denied() },
  { title: "denied to more", before: denied(), after: denied({ rules: [{}] }) },
  { title: "deny becomes allow", before: denied(), after: denied({ action: "ALLOW" }) },
  { title: "allow nothing", before: null, after: istio("security", "AuthorizationPolicy", "allow-nothing", {}) },
  {
    title: "rule with method, path and condition",
    before: null,
    after: denied({
      action: "ALLOW",
      rules: [
        {
          from: [{ source: { namespaces: ["web"] } }],
          to: [{ operation: { methods: ["GET"], paths: ["/r/*"] } }],
          when: [{ key: "request.headers[x-tier]", values: ["gold"] }],
        },
      ],
    }),
  },
  {
    title: "rule with a token",
    before: null,
    after: denied({ rules: [{ when: [{ key: "request.headers[x-api-key]", notValues: ["hunter2"] }] }] }),
  },
  { title: "mTLS strict", before: peer("PERMISSIVE"), after: peer("STRICT") },
  {
    title: "mTLS of a port",
    before: peer("STRICT"),
    after: peer("STRICT", { portLevelMtls: { 9080: { mode: "DISABLE" } } }),
  },
  {
    title: "registry only",
    before: sidecar("ALLOW_ANY", ["./*"]),
    after: sidecar("REGISTRY_ONLY", ["./*", "istio-system/*"]),
  },
  // Gateway API and Linkerd
  {
    title: "HTTPRoute weights",
    before: httpRoute([{ backendRefs: backends({ "reviews-v1": 1 }) }]),
    after: httpRoute([{ backendRefs: backends({ "reviews-v2": 9, "reviews-v3": 1 }) }]),
  },
  {
    title: "HTTPRoute timeout and mirror",
    before: httpRoute([{ backendRefs: backends({ "reviews-v1": 1 }) }]),
    after: httpRoute([
      {
        backendRefs: backends({ "reviews-v1": 1 }),
        timeouts: { request: "2s", backendRequest: "500ms" },
        filters: [{ type: "RequestMirror", requestMirror: { backendRef: { name: "reviews-v3" } } }],
      },
    ]),
  },
  {
    title: "Linkerd HTTPRoute for a header",
    before: httpRoute([{ backendRefs: backends({ "reviews-v1": 1 }) }], "policy.linkerd.io/v1beta3"),
    after: httpRoute(
      [
        { matches: [{ headers: [{ name: "end-user", value: "jason" }] }], backendRefs: backends({ "reviews-v2": 1 }) },
        { matches: [{ path: { type: "PathPrefix", value: "/" } }], backendRefs: backends({ "reviews-v1": 1 }) },
      ],
      "policy.linkerd.io/v1beta3",
    ),
  },
  {
    title: "Linkerd Server",
    before: linkerd("Server", "ratings", {
      port: 9080,
      podSelector: { matchLabels: { app: "ratings" } },
      accessPolicy: "all-authenticated",
    }),
    after: linkerd("Server", "ratings", {
      port: 9080,
      podSelector: { matchLabels: { app: "ratings" } },
      accessPolicy: "deny",
    }),
  },
  {
    title: "Linkerd AuthorizationPolicy",
    before: linkerd("AuthorizationPolicy", "ratings", {
      requiredAuthenticationRefs: [{ kind: "MeshTLSAuthentication", name: "reviews" }],
    }),
    after: linkerd("AuthorizationPolicy", "ratings", {
      requiredAuthenticationRefs: [{ kind: "MeshTLSAuthentication", name: "nobody" }],
    }),
  },
  // Kinds that may hold anything
  {
    title: "EnvoyFilter by field names only",
    before: istio("networking", "EnvoyFilter", "lua", {
      configPatches: [{ patch: { value: { inlineCode: "token = 'hunter2'" } } }],
    }),
    after: istio("networking", "EnvoyFilter", "lua", { configPatches: [], priority: 3 }),
  },
  // Rollouts
  {
    title: "new tag",
    before: details({ image: "bookinfo/details:1.20.2" }),
    after: details({ image: "bookinfo/details:1.20.3" }),
  },
  {
    title: "new registry",
    before: details({ image: "a.example.com/details:1" }),
    after: details({ image: "b.example.com/details:1" }),
  },
  { title: "scaled", before: details({}, { replicas: 2 }), after: details({}, { replicas: 5 }) },
  { title: "scaled to zero", before: details({}, { replicas: 2 }), after: details({}, { replicas: 0 }) },
  {
    title: "environment by name",
    before: details(env({ LOG_LEVEL: "info", DB_PASSWORD: "hunter2", OLD: "1" })),
    after: details(env({ LOG_LEVEL: "info", DB_PASSWORD: "correct-horse", NEW: "1" })),
  },
  {
    title: "resources",
    before: details({ resources: { limits: { memory: "512Mi" }, requests: { cpu: "100m" } } }),
    after: details({ resources: { limits: { memory: "128Mi", cpu: "1" } } }),
  },
  {
    title: "command",
    before: details({ command: ["run"] }),
    after: details({ command: ["run", "--password=hunter2"] }),
  },
  {
    title: "a second container",
    before: details({}),
    after: details(
      {},
      {
        podSpec: {
          containers: [
            { name: "details", image: "docker.io/istio/examples-bookinfo-details-v1:1.20.3" },
            { name: "agent", image: "agent:2" },
          ],
        },
      },
    ),
  },
  {
    title: "rollout restart",
    before: details({}),
    after: details({}, { template: { annotations: { "kubectl.kubernetes.io/restartedAt": "2026-11-21T09:00:00Z" } } }),
  },
  {
    title: "volumes and service account",
    before: details({}),
    after: details({}, { podSpec: { serviceAccountName: "other", volumes: [{ name: "x" }] } }),
  },
  { title: "Deployment created", before: null, after: details({}, { replicas: 2 }) },
  { title: "Deployment deleted", before: details({}), after: null },
  {
    title: "Service selector",
    before: serviceOf("details"),
    after: {
      ...serviceOf("details"),
      spec: { selector: { app: "details", version: "v2" }, ports: [{ name: "http", port: 9080, targetPort: 8080 }] },
    },
  },
  {
    title: "a namespace leaves the mesh",
    before: namespaceWith({ labels: { "istio-injection": "enabled", team: "a" } }),
    after: namespaceWith({ labels: { team: "b" } }),
  },
  {
    title: "a namespace joins Linkerd",
    before: namespaceWith({}),
    after: namespaceWith({ annotations: { "linkerd.io/inject": "enabled", "example.com/owner": "x" } }),
  },
  { title: "namespace created", before: null, after: namespaceWith({ labels: { "istio.io/rev": "1-27" } }) },
  // Nothing a person would tell
  { title: "a namespace's other labels", before: namespaceWith({}), after: namespaceWith({ labels: { team: "b" } }) },
  { title: "status only", before: details({}, { ready: 1 }), after: details({}, { ready: 0 }) },
  {
    title: "labels of the object only",
    before: reviews(allToV1),
    after: virtualServiceOf("reviews", allToV1, { labels: { team: "a" } }),
  },
];
