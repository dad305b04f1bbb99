/**
 * The mesh at the present instant as the engine asks for it: routes, policies, pods and hosts outside, worked out from the objects and
 * kept until they change. Written to by the simulation's timeline, read by http-calls.ts and tcp-calls.ts.
 */
import type { Application, ImageDefect } from "./application.js";
import { deploymentKey, type MeshDefinition, type MeshState } from "./mesh-definition.js";
import type { ExternalHost, MeshPod, MeshService, MeshWorkload } from "./mesh-model.js";
import type { Latency } from "./random.js";
import { compileRoutes, denialOf, type Route } from "./routes.js";

/** A pod and what a proxy or a probe knows of it. */
export interface WorldPod {
  readonly pod: MeshPod;
  /** Whether callers' proxies have it among their endpoints. */
  isReady: boolean;
  /** Whether its application's process runs; its sidecar always does. */
  isRunning: boolean;
}

/** Where a connection to a host outside the mesh goes. */
export interface WayOut {
  readonly target: ExternalHost | "BlackHoleCluster" | "PassthroughCluster";
  readonly address: string | null;
  readonly latency: Latency;
}

/** What the engine asks while it works out a call. */
export interface World {
  /** The first route to a service that fits a user. */
  routeFor(service: MeshService, user: string | null): Route;
  /** `response_code_details` where a policy denies the call; null where none does. */
  denial(target: MeshWorkload, source: MeshWorkload): string | null;
  /** The application in a pod; null while its process is down. */
  runningApplication(pod: MeshPod): Application | null;
  defect(image: string): ImageDefect | null;
  wayOut(namespace: string, host: string, port: number): WayOut;
  /** A ready pod of the gateway, in turn. */
  gatewayPod(): MeshPod;
}

/** A world and the handles of those who change it. */
export interface ChangingWorld extends World {
  readonly pods: Map<string, WorldPod>;
  state: MeshState;
  /** To be called after each change of `pods` or `state`: nothing kept is trusted after it. */
  changed(): void;
}

const nowhere: Latency = { medianMs: 0, sigma: 0 };

/** A world over a mesh, without pods: whoever runs the Deployments adds them. */
export function createWorld(mesh: MeshDefinition): ChangingWorld {
  const routes = new Map<MeshService, readonly Route[]>();
  const denials = new Map<MeshWorkload, Map<MeshWorkload, string | null>>();
  const ways = new Map<string, WayOut>();
  const applications = new Map<MeshWorkload, Application | null>();
  let gateways: readonly MeshPod[] = [];
  let turn = 0;
  const pods = new Map<string, WorldPod>();

  const readyPods = (fits: (workload: MeshWorkload) => boolean): readonly MeshPod[] =>
    [...pods.values()].filter((one) => one.isReady && fits(one.pod.workload)).map((one) => one.pod);

  const world: ChangingWorld = {
    pods,
    state: mesh.state,
    changed: () => {
      routes.clear();
      denials.clear();
      ways.clear();
      applications.clear();
      gateways = readyPods((workload) => deploymentKey(workload) === mesh.gateway);
    },
    routeFor: (service, user) => {
      let known = routes.get(service);
      if (known === undefined) {
        const ready = readyPods((workload) => workload.service === service);
        known = compileRoutes(service, world.state.config.values(), ready);
        routes.set(service, known);
      }
      for (const route of known) if (route.user === null || route.user === user) return route;
      throw new RangeError(`no route to ${service.host} fits every user`);
    },
    denial: (target, source) => {
      let known = denials.get(target);
      if (known === undefined) {
        known = new Map();
        denials.set(target, known);
      }
      let details = known.get(source);
      if (details === undefined) {
        details = denialOf(target, source, world.state.config.values());
        known.set(source, details);
      }
      return details;
    },
    runningApplication: (pod) => {
      if (pods.get(pod.name)?.isRunning !== true) return null;
      let application = applications.get(pod.workload);
      if (application === undefined) {
        application = mesh.applications.get(deploymentKey(pod.workload)) ?? null;
        applications.set(pod.workload, application);
      }
      return application;
    },
    defect: (image) => mesh.defects.get(image) ?? null,
    wayOut: (namespace, host, port) => {
      const key = `${namespace} ${host}:${port}`;
      let way = ways.get(key);
      if (way === undefined) {
        way = findWayOut(world.state, namespace, host, port);
        ways.set(key, way);
      }
      return way;
    },
    gatewayPod: () => {
      turn = (turn + 1) % gateways.length;
      const pod = gateways[turn];
      if (pod === undefined) throw new RangeError("the gateway has no ready pod");
      return pod;
    },
  };
  return world;
}

function findWayOut(state: MeshState, namespace: string, host: string, port: number): WayOut {
  const external = state.externals.get(host);
  let isRegistryOnly = false;
  for (const manifest of state.config.values()) {
    const isOurs = manifest.metadata.namespace === namespace;
    if (manifest.kind === "Sidecar" && isOurs)
      isRegistryOnly = manifest.spec.outboundTrafficPolicy.mode === "REGISTRY_ONLY";
    if (manifest.kind === "ServiceEntry" && isOurs && manifest.spec.hosts.includes(host))
      if (external !== undefined && manifest.spec.ports.some((one) => one.number === port))
        return { target: external, address: `${external.address}:${port}`, latency: external.latency };
  }
  if (isRegistryOnly || external === undefined) return { target: "BlackHoleCluster", address: null, latency: nowhere };
  return { target: "PassthroughCluster", address: `${external.address}:${port}`, latency: external.latency };
}
