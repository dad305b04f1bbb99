/** Brings the kinds of Istio, Linkerd and the Gateway API to an API server; returns when objects of them can be written. */
import type { Json } from "../../support/kube-objects.js";
import { meshCrds } from "../../support/mesh-crds.js";
import { waitUntil } from "../../support/wait-until.js";
import type { KubeAdmin } from "../backends/kube-admin.js";

/** All at once. */
export function installMeshKinds(admin: KubeAdmin): Promise<void> {
  return installKinds(admin, meshCrds());
}

/** Kinds of these definitions. */
export async function installKinds(admin: KubeAdmin, crds: readonly Json[]): Promise<void> {
  await Promise.all(
    crds.map(async (crd) => {
      await admin.put(crd);
      const { name } = crd["metadata"] as Json;
      const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`;
      const isEstablished = async () => {
        const { status } = (await admin.send("GET", path)) as {
          readonly status?: { readonly conditions?: readonly Json[] };
        };
        return status?.conditions?.some(({ type, status: is }) => type === "Established" && is === "True") ?? false;
      };
      await waitUntil(`${name} to be established`, isEstablished, { limitMs: 60_000 });
    }),
  );
}
