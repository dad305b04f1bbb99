/** What a simulated mesh is before anything happens: its services, what runs them, how they behave. Written by src/demo/meshes. */
import type { Application, ImageDefect } from "./application.js";
import type { ConfigManifest } from "./manifests.js";
import type { ExternalHost, MeshService, MeshWorkload } from "./mesh-model.js";
import type { Latency } from "./random.js";

/** A Deployment: a workload and its wished number of pods. */
export interface DeploymentDefinition {
  readonly workload: MeshWorkload;
  readonly replicas: number;
  /** How long a new pod must have been ready before a rollout goes on; 0 unless said. */
  readonly minReadySeconds?: number;
}

/** A host outside the mesh as it really is, declared or not. */
export interface ExternalDefinition extends ExternalHost {
  readonly address: string;
  /** How long it takes to answer one connection. */
  readonly latency: Latency;
}

/** What a mesh looks like at one instant: what a scenario changes. */
export interface MeshState {
  /** By `namespace/name`. */
  readonly deployments: ReadonlyMap<string, DeploymentDefinition>;
  /** By manifestKey(). */
  readonly config: ReadonlyMap<string, ConfigManifest>;
  /** By host. */
  readonly externals: ReadonlyMap<string, ExternalDefinition>;
}

/** Where users come in: through the gateway to one service. */
export interface Entry {
  readonly service: MeshService;
  readonly paths: readonly string[];
  /** Share of the mesh's requests relative to the other entries. */
  readonly weight: number;
}

/** A mesh that can be simulated. */
export interface MeshDefinition {
  readonly name: string;
  /** Deployment key of the gateway through which every request comes. */
  readonly gateway: string;
  readonly services: readonly MeshService[];
  readonly state: MeshState;
  /** By `namespace/name` of the Deployment. */
  readonly applications: ReadonlyMap<string, Application>;
  /** By image. */
  readonly defects: ReadonlyMap<string, ImageDefect>;
  readonly entries: readonly Entry[];
  /** The service many others need, and the image that makes it fail; null in a mesh without one. */
  readonly sharedDependency: { readonly deployment: string; readonly badImage: string } | null;
  /** Mean over a day. */
  readonly requestsPerSecond: number;
}

/** `namespace/name` of a Deployment. */
export function deploymentKey(workload: { readonly namespace: string; readonly name: string }): string {
  return `${workload.namespace}/${workload.name}`;
}
