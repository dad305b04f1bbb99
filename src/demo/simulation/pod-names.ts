/** Names and addresses of simulated pods, made from what they run so that the same mesh always has the same. Called by world.ts. */
import type { MeshPod, MeshWorkload } from "./mesh-model.js";
import { fnv1a } from "./random.js";

// The letters Kubernetes itself uses: no vowels, so that no word comes about.
const letters = "bcdfghjklmnpqrstvwxz2456789";

const suffixes = letters.length ** 5;
// Shares no factor with the number of suffixes, so that counting on by it comes to each of them once.
const stride = 7_919_381;

function letterCode(number: number, length: number): string {
  let rest = number;
  let code = "";
  for (let index = 0; index < length; index += 1) {
    code += letters[rest % letters.length];
    rest = Math.floor(rest / letters.length);
  }
  return code;
}

/** `pod-template-hash` of a workload's template: another image, another hash. */
export function templateHash(workload: MeshWorkload): string {
  const text = `${workload.namespace}/${workload.name}/${workload.image}`;
  return letterCode(fnv1a(text), 5) + letterCode(fnv1a(`${text}#`), 5);
}

/** A pod of a workload; `ordinal` counts all pods of the mesh since its start, so no name or address comes twice. */
export function podOf(workload: MeshWorkload, ordinal: number): MeshPod {
  return {
    name: `${workload.name}-${templateHash(workload)}-${letterCode((fnv1a(workload.name) + ordinal * stride) % suffixes, 5)}`,
    ip: `10.244.${1 + (Math.floor(ordinal / 250) % 250)}.${2 + (ordinal % 250)}`,
    node: `node-${1 + (ordinal % 3)}`,
    workload,
  };
}
