/** Two meshes in one cluster behind one gateway. */
import type { MeshDefinition } from "../simulation/mesh-definition.js";
import { bookinfoMesh } from "./bookinfo/bookinfo-mesh.js";
import { shopMesh } from "./graph/shop.js";

/** Both meshes with their own traffic; what both have by one name (the gateway) is the first's. */
export function joinMeshes(name: string, first: MeshDefinition, second: MeshDefinition): MeshDefinition {
  const weigh = (mesh: MeshDefinition): MeshDefinition["entries"] => {
    const total = mesh.entries.reduce((sum, entry) => sum + entry.weight, 0);
    return mesh.entries.map((entry) => ({ ...entry, weight: (entry.weight / total) * mesh.requestsPerSecond }));
  };
  return {
    name,
    gateway: first.gateway,
    services: [...first.services, ...second.services],
    state: {
      deployments: new Map([...second.state.deployments, ...first.state.deployments]),
      config: new Map([...second.state.config, ...first.state.config]),
      externals: new Map([...second.state.externals, ...first.state.externals]),
    },
    applications: new Map([...second.applications, ...first.applications]),
    defects: new Map([...second.defects, ...first.defects]),
    entries: [...weigh(first), ...weigh(second)],
    sharedDependency: first.sharedDependency ?? second.sharedDependency,
    requestsPerSecond: first.requestsPerSecond + second.requestsPerSecond,
  };
}

/** Bookinfo with the shop beside it: the mesh that can play every scenario. */
export const bookinfoWithShop: MeshDefinition = joinMeshes("bookinfo", bookinfoMesh, shopMesh);
