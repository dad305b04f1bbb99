/** Routes as a caller's proxy has them: VirtualServices and DestinationRules worked out once per change of the mesh. Called by world.ts. */
import type { AuthorizationPolicy, ConfigManifest, HttpRouteSpec, VirtualService } from "./manifests.js";
import type { MeshPod, MeshService, MeshWorkload } from "./mesh-model.js";

/** One way a request may go. */
export interface RouteDestination {
  /** 0 .. 1; the weights of a route add up to 1. */
  readonly share: number;
  readonly subset: string | null;
  /** Ready pods. */
  readonly pods: readonly MeshPod[];
}

/** Retries by the proxy. */
export interface RetryPolicy {
  readonly attempts: number;
  /** Infinity without a limit. */
  readonly perTryTimeoutMs: number;
  /** `5xx`, `gateway-error` or a status. */
  readonly retryOn: ReadonlySet<string>;
}

/** One route with everything the proxy does on it. */
export interface Route {
  /** Only for this user; null for all. */
  readonly user: string | null;
  readonly destinations: readonly RouteDestination[];
  readonly delayShare: number;
  readonly delayMs: number;
  readonly abortShare: number;
  readonly abortStatus: number;
  /** Infinity without a limit. */
  readonly timeoutMs: number;
  readonly retries: RetryPolicy;
}

// Istio retries by default where a connection fails or the server never looked at the request. Neither happens here: the sidecar of a pod
// that callers know always answers.
const noRetries: RetryPolicy = { attempts: 0, perTryTimeoutMs: Number.POSITIVE_INFINITY, retryOn: new Set() };

/** Routes to a service, first match first; ready pods come from `readyPods`. */
export function compileRoutes(
  service: MeshService,
  config: Iterable<ConfigManifest>,
  readyPods: readonly MeshPod[],
): readonly Route[] {
  const manifests = [...config];
  const subsets = new Map<string, string>();
  let virtualService: VirtualService | null = null;
  for (const manifest of manifests) {
    if (manifest.metadata.namespace !== service.namespace) continue;
    if (manifest.kind === "DestinationRule" && manifest.spec.host === service.name)
      for (const subset of manifest.spec.subsets) subsets.set(subset.name, subset.labels.version);
    if (manifest.kind === "VirtualService" && manifest.spec.hosts.includes(service.name)) virtualService = manifest;
  }
  const specs: readonly HttpRouteSpec[] = virtualService?.spec.http ?? [
    { route: [{ destination: { host: service.name } }] },
  ];
  return specs.map((spec) => compileRoute(spec, subsets, readyPods));
}

function compileRoute(spec: HttpRouteSpec, subsets: ReadonlyMap<string, string>, readyPods: readonly MeshPod[]): Route {
  const total = spec.route.reduce((sum, way) => sum + (way.weight ?? 100), 0);
  return {
    user: spec.match?.[0]?.headers["end-user"].exact ?? null,
    destinations: spec.route.map((way) => {
      const subset = way.destination.subset ?? null;
      const version = subset === null ? undefined : subsets.get(subset);
      return {
        share: (way.weight ?? 100) / total,
        subset,
        pods: subset === null ? readyPods : readyPods.filter((pod) => pod.workload.version === version),
      };
    }),
    delayShare: (spec.fault?.delay?.percentage.value ?? 0) / 100,
    delayMs: durationMs(spec.fault?.delay?.fixedDelay) ?? 0,
    abortShare: (spec.fault?.abort?.percentage.value ?? 0) / 100,
    abortStatus: spec.fault?.abort?.httpStatus ?? 0,
    timeoutMs: durationMs(spec.timeout) ?? Number.POSITIVE_INFINITY,
    retries:
      spec.retries === undefined
        ? noRetries
        : {
            attempts: spec.retries.attempts,
            perTryTimeoutMs: durationMs(spec.retries.perTryTimeout) ?? Number.POSITIVE_INFINITY,
            retryOn: new Set(spec.retries.retryOn.split(",")),
          },
  };
}

/** Istio's durations as the demo writes them: `7s`, `2.5s`, `500ms`; null for none. */
export function durationMs(text: string | undefined): number | null {
  const parts = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(text ?? "");
  return parts === null ? null : Number(parts[1]) * (parts[2] === "s" ? 1000 : 1);
}

/** Identity of a workload in the mesh's certificates, as policies name it. */
export function principalOf(workload: MeshWorkload): string {
  return `cluster.local/ns/${workload.namespace}/sa/${workload.serviceAccount}`;
}

/** `response_code_details` of the policy that denies calls of `source` to `target`; null when none does. */
export function denialOf(target: MeshWorkload, source: MeshWorkload, config: Iterable<ConfigManifest>): string | null {
  for (const manifest of config)
    if (manifest.kind === "AuthorizationPolicy" && covers(manifest, target)) {
      const rule = manifest.spec.rules.findIndex((one) =>
        one.from.some((from) => from.source.principals.includes(principalOf(source))),
      );
      if (rule >= 0)
        return `rbac_access_denied_matched_policy[ns[${manifest.metadata.namespace}]-policy[${manifest.metadata.name}]-rule[${rule}]]`;
    }
  return null;
}

const covers = (policy: AuthorizationPolicy, target: MeshWorkload): boolean =>
  policy.metadata.namespace === target.namespace && policy.spec.selector.matchLabels.app === target.app;
