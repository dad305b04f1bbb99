/**
 * The kinds of objects a Kubernetes source reads, and nothing else: Secrets and ConfigMaps are not among them. The shipped ClusterRole
 * (deploy/kubernetes/cluster-role.yaml) grants exactly these.
 */

/** What an answer lacks without a kind. */
export type Purpose = "services" | "health" | "changes";

/** One kind. */
export interface ReadKind {
  /** "" for the core API. */
  readonly group: string;
  readonly kind: string;
  /** Its name in paths and roles. */
  readonly plural: string;
  /** Null where the server is asked which version it serves: custom resources. */
  readonly version: string | null;
  readonly isNamespaced: boolean;
  /** `metadata`: labels, annotations and dates are asked for, the rest of the object never leaves the server. */
  readonly form: "whole" | "metadata";
  readonly purposes: readonly Purpose[];
  /** Kinds of a later turn are read first after those of earlier ones: what is told of them names objects of those. */
  readonly turn: 1 | 2 | 3;
  readonly fieldSelector: string | null;
}

const builtIn = { version: "v1", isNamespaced: true, form: "whole", turn: 1, fieldSelector: null } as const;
const custom = { ...builtIn, version: null, purposes: ["changes"], turn: 2 } as const;

/** Events of every start, rollout and scaling: told better by the objects themselves, and most of all events. */
const routineReasons = [
  "Scheduled",
  "Pulling",
  "Pulled",
  "Created",
  "Started",
  "Killing",
  "SuccessfulCreate",
  "SuccessfulDelete",
  "ScalingReplicaSet",
  "SuccessfulRescale",
  "Completed",
  "SawCompletedJob",
  "LeaderElection",
];

const customPlurals: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "networking.istio.io": {
    virtualservices: "VirtualService",
    destinationrules: "DestinationRule",
    gateways: "Gateway",
    serviceentries: "ServiceEntry",
    sidecars: "Sidecar",
    envoyfilters: "EnvoyFilter",
  },
  "security.istio.io": {
    authorizationpolicies: "AuthorizationPolicy",
    peerauthentications: "PeerAuthentication",
    requestauthentications: "RequestAuthentication",
  },
  "telemetry.istio.io": { telemetries: "Telemetry" },
  "extensions.istio.io": { wasmplugins: "WasmPlugin" },
  "gateway.networking.k8s.io": { gateways: "Gateway", httproutes: "HTTPRoute", grpcroutes: "GRPCRoute" },
  "policy.linkerd.io": {
    servers: "Server",
    httproutes: "HTTPRoute",
    authorizationpolicies: "AuthorizationPolicy",
    meshtlsauthentications: "MeshTLSAuthentication",
    networkauthentications: "NetworkAuthentication",
  },
  "linkerd.io": { serviceprofiles: "ServiceProfile" },
};

/** Policies name these: they are known first. */
const firstCustom: ReadonlySet<string> = new Set(["policy.linkerd.io/servers", "policy.linkerd.io/httproutes"]);

/** All of them. */
export const readKinds: readonly ReadKind[] = [
  { ...builtIn, group: "", kind: "Service", plural: "services", purposes: ["services", "health", "changes"] },
  { ...builtIn, group: "", kind: "Pod", plural: "pods", purposes: ["health", "changes"], turn: 2 },
  {
    ...builtIn,
    group: "",
    kind: "Event",
    plural: "events",
    purposes: ["changes"],
    turn: 3,
    fieldSelector: routineReasons.map((reason) => `reason!=${reason}`).join(","),
  },
  {
    ...builtIn,
    group: "",
    kind: "Namespace",
    plural: "namespaces",
    isNamespaced: false,
    form: "metadata",
    purposes: ["changes"],
  },
  ...["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"].map(
    (kind): ReadKind => ({
      ...builtIn,
      group: "apps",
      kind,
      plural: `${kind.toLowerCase()}s`,
      purposes: ["health", "changes"],
    }),
  ),
  {
    ...builtIn,
    group: "discovery.k8s.io",
    kind: "EndpointSlice",
    plural: "endpointslices",
    purposes: ["health"],
    turn: 2,
  },
  ...Object.entries(customPlurals).flatMap(([group, plurals]) =>
    Object.entries(plurals).map(
      ([plural, kind]): ReadKind => ({
        ...custom,
        group,
        kind,
        plural,
        turn: firstCustom.has(`${group}/${plural}`) ? 1 : 2,
      }),
    ),
  ),
];

/** Its name for people and roles: `pods`, `virtualservices.networking.istio.io`. */
export function resourceName({ group, plural }: ReadKind): string {
  return group === "" ? plural : `${plural}.${group}`;
}

/** `v1`, `apps/v1`. */
export function apiVersionOf({ group }: ReadKind, version: string): string {
  return group === "" ? version : `${group}/${version}`;
}
