/** Makes a mesh of a graph of services: Deployments, configuration and applications from one description. Used by shop.ts and generated-mesh.ts. */
import type { ImageDefect } from "../../simulation/application.js";
import { type ConfigManifest, manifestKey } from "../../simulation/manifests.js";
import {
  type DeploymentDefinition,
  deploymentKey,
  type ExternalDefinition,
  type MeshDefinition,
} from "../../simulation/mesh-definition.js";
import type { MeshService } from "../../simulation/mesh-model.js";
import type { Latency } from "../../simulation/random.js";
import { ingressGateway } from "../ingress-gateway.js";
import { createFanOut } from "./fan-out.js";

/** One service of a graph. */
export interface GraphService {
  readonly name: string;
  readonly namespace: string;
  /** Pods of each version, first version first: `[2]`, or `[2, 1]` with a canary. */
  readonly replicas: readonly number[];
  readonly ownTime: Latency;
  readonly isParallel: boolean;
  readonly calls: readonly {
    /** Name of the called service. */
    readonly to: string;
    readonly share: number;
    readonly isNeeded: boolean;
    readonly giveUpAfterMs: number;
  }[];
  /** Host outside that it asks for each request; null for none. */
  readonly external: string | null;
}

/** A graph to make a mesh of. Names of services are unique over its namespaces. */
export interface MeshGraph {
  readonly name: string;
  readonly services: readonly GraphService[];
  readonly externals: readonly ExternalDefinition[];
  /** Where users come in, with the weight of each. */
  readonly entries: readonly { readonly service: string; readonly weight: number }[];
  readonly requestsPerSecond: number;
  /** The service that `storm` breaks; null for none. */
  readonly shared: string | null;
  readonly gatewayReplicas: number;
}

const canaryPercent = 15;
const networking = "networking.istio.io/v1";

/** The mesh of a graph. @throws RangeError when it names a service it does not have */
export function graphMesh(graph: MeshGraph): MeshDefinition {
  const services = new Map<string, MeshService>();
  for (const { name, namespace } of graph.services)
    services.set(name, { name, namespace, host: `${name}.${namespace}.svc.cluster.local`, port: 8080 });
  const externals = new Map(graph.externals.map((one) => [one.host, one]));
  const serviceOf = (name: string): MeshService => {
    const service = services.get(name);
    if (service === undefined) throw new RangeError(`the graph ${graph.name} has no service ${name}`);
    return service;
  };

  const deployments = new Map<string, DeploymentDefinition>();
  const applications: [string, ReturnType<typeof createFanOut>][] = [];
  const config: ConfigManifest[] = [];
  const gateway = ingressGateway(graph.gatewayReplicas);
  deployments.set(deploymentKey(gateway.workload), gateway);
  for (const one of graph.services) {
    const application = createFanOut({
      ownTime: one.ownTime,
      isParallel: one.isParallel,
      external: one.external === null ? null : (externals.get(one.external) ?? null),
      calls: one.calls.map((call) => ({ ...call, to: serviceOf(call.to) })),
    });
    for (const [index, replicas] of one.replicas.entries()) {
      const deployment = deploymentOf(one, serviceOf(one.name), `v${index + 1}`, replicas);
      deployments.set(deploymentKey(deployment.workload), deployment);
      applications.push([deploymentKey(deployment.workload), application]);
    }
    if (one.replicas.length > 1) config.push(...canaryOf(one));
    const external = one.external === null ? undefined : externals.get(one.external);
    if (external !== undefined) config.push(serviceEntry(one.namespace, external));
  }
  const shared = graph.services.find((one) => one.name === graph.shared);
  const badImage = shared === undefined ? null : imageOf(shared, "2.0.0");
  return {
    name: graph.name,
    gateway: deploymentKey(gateway.workload),
    services: [...services.values()],
    state: { deployments, config: new Map(config.map((one) => [manifestKey(one), one])), externals },
    applications: new Map(applications),
    defects: new Map(badImage === null ? [] : [[badImage, refusing]]),
    entries: graph.entries.map(({ service, weight }) => ({
      service: serviceOf(service),
      paths: [`/${service}`],
      weight,
    })),
    sharedDependency:
      shared === undefined || badImage === null
        ? null
        : { deployment: `${shared.namespace}/${shared.name}-v1`, badImage },
    requestsPerSecond: graph.requestsPerSecond,
  };
}

const refusing: ImageDefect = {
  failedShare: 0.9,
  failedStatus: 503,
  failedMessage: "pool exhausted: no free connection after 400 ms",
  addedLatency: { medianMs: 400, sigma: 0.05 },
};

const imageOf = (one: GraphService, tag: string): string => `registry.example.com/${one.namespace}/${one.name}:${tag}`;

function deploymentOf(
  one: GraphService,
  service: MeshService,
  version: string,
  replicas: number,
): DeploymentDefinition {
  return {
    replicas,
    workload: {
      name: `${one.name}-${version}`,
      namespace: one.namespace,
      app: one.name,
      version,
      serviceAccount: one.name,
      image: imageOf(one, version === "v1" ? "1.4.0" : "1.5.0"),
      service,
    },
  };
}

function canaryOf(one: GraphService): ConfigManifest[] {
  const metadata = { name: one.name, namespace: one.namespace };
  const versions = one.replicas.map((_, index) => `v${index + 1}`);
  const toFirst = 100 - canaryPercent * (versions.length - 1);
  return [
    {
      apiVersion: networking,
      kind: "VirtualService",
      metadata,
      spec: {
        hosts: [one.name],
        http: [
          {
            route: versions.map((subset, index) => ({
              destination: { host: one.name, subset },
              weight: index === 0 ? toFirst : canaryPercent,
            })),
          },
        ],
      },
    },
    {
      apiVersion: networking,
      kind: "DestinationRule",
      metadata,
      spec: { host: one.name, subsets: versions.map((version) => ({ name: version, labels: { version } })) },
    },
  ];
}

function serviceEntry(namespace: string, to: ExternalDefinition): ConfigManifest {
  return {
    apiVersion: networking,
    kind: "ServiceEntry",
    metadata: { name: to.host.replaceAll(".", "-"), namespace },
    spec: {
      hosts: [to.host],
      location: "MESH_EXTERNAL",
      ports: [{ number: to.port, name: `tcp-${to.port}`, protocol: "TCP" }],
      resolution: "DNS",
    },
  };
}
