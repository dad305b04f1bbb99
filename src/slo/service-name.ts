/** Names of services as objective files write them: `name`, `namespace/name` or `cluster/namespace/name`. */
import type { ServiceRefInput } from "../mesh/mesh.js";

const part = /^[A-Za-z0-9]([A-Za-z0-9._:-]{0,251}[A-Za-z0-9])?$/;

/** The service meant; null for text that is none, or that names no namespace where there is no usual one. */
export function parseServiceName(
  text: string,
  usual: { readonly cluster: string | null; readonly namespace: string | null },
): ServiceRefInput | null {
  const parts = text.split("/");
  if (parts.length > 3 || !parts.every((one) => part.test(one))) return null;
  const [name = "", namespace = usual.namespace, cluster = usual.cluster] = parts.toReversed();
  return namespace === null ? null : { cluster, namespace, name };
}
