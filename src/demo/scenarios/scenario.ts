/** What a scenario is: the story of a system, told by changing a mesh's configuration, images and outside world. Written in this folder. */
import type { ConfigManifest } from "../simulation/manifests.js";
import { manifestKey } from "../simulation/manifests.js";
import type { ExternalDefinition, MeshDefinition, MeshState } from "../simulation/mesh-definition.js";
import type { Latency } from "../simulation/random.js";

/** One scenario. Texts are shown in the terminal and in docs/reference/demo.md. */
export interface Scenario {
  readonly name: string;
  /** What happens, in one sentence. */
  readonly story: string;
  /** What an engineer should look at. */
  readonly lookAt: string;
  /** What the numbers will be. */
  readonly expected: string;
  /** How long its rollouts take before it shows in full, ms. */
  readonly settlesAfterMs: number;
  /** Whether a mesh has what the story needs. */
  suits(mesh: MeshDefinition): boolean;
  /** The mesh's state under this scenario, made from its healthy one. */
  change(healthy: MeshState, mesh: MeshDefinition): MeshState;
}

/** Whether a mesh has Bookinfo's services. */
export function hasBookinfo(mesh: MeshDefinition): boolean {
  return mesh.state.deployments.has("bookinfo/ratings-v1");
}

/** The state with a manifest added, or in place of the one of its name. */
export function withConfig(state: MeshState, manifest: ConfigManifest): MeshState {
  return { ...state, config: new Map(state.config).set(manifestKey(manifest), manifest) };
}

/** The state without a manifest. */
export function withoutConfig(state: MeshState, key: string): MeshState {
  const config = new Map(state.config);
  config.delete(key);
  return { ...state, config };
}

/** The state with another image for a Deployment: a rollout. */
export function withImage(state: MeshState, deployment: string, image: string): MeshState {
  const known = state.deployments.get(deployment);
  if (known === undefined) throw new RangeError(`the mesh has no Deployment ${deployment}`);
  const changed = { ...known, workload: { ...known.workload, image } };
  return { ...state, deployments: new Map(state.deployments).set(deployment, changed) };
}

/** The state with a host outside that answers otherwise. */
export function withExternalLatency(state: MeshState, host: string, latency: Latency): MeshState {
  const known: ExternalDefinition | undefined = state.externals.get(host);
  if (known === undefined) throw new RangeError(`the mesh knows no host ${host}`);
  return { ...state, externals: new Map(state.externals).set(host, { ...known, latency }) };
}
