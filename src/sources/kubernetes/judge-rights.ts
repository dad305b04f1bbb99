/** What the API server's answers about our own rights mean. Pure; called by the source's `inspect`. */
import { amiss, type Inspection, passed } from "../../telemetry/inspection.js";
import { counted } from "../../workloads/say.js";
import { type Purpose, type ReadKind, resourceName } from "./read-kinds.js";

/** What Meshlens does with a kind. */
export const neededVerbs = ["list", "watch"] as const;

/** One answer. */
export interface Right {
  readonly kind: ReadKind;
  readonly verb: (typeof neededVerbs)[number];
  /** Null: in all. */
  readonly namespace: string | null;
  readonly isAllowed: boolean;
}

/** One finding: everything that is missing and the rule that grants it. @param absent kinds the cluster does not have */
export function judgeRights(rights: readonly Right[], absent: readonly ReadKind[]): Inspection {
  const missing = rights.filter(({ isAllowed }) => !isAllowed);
  const kinds = new Set(rights.map(({ kind }) => kind));
  if (missing.length === 0) {
    const left = absent.length === 0 ? "" : `; ${counted(absent.length, "kind")} of meshes are not installed`;
    return passed("rights", `may list and watch all ${counted(kinds.size, "kind")} it reads${left}`);
  }
  const lacking = [...new Set(missing.map(({ kind }) => kind))];
  const words = lacking.map(
    (kind) => `${verbsOf(kind, missing).join(" and ")} ${resourceName(kind)}${placesOf(kind, missing)}`,
  );
  const without = new Set(lacking.flatMap(({ purposes }) => purposes));
  return amiss(
    "rights",
    without.has("services") ? "FAIL" : "WARN",
    `may not ${words.join(", ")}: ${[...without].map((purpose) => lost[purpose]).join(" and ") || "objectives of the cluster"} will lack`,
    `apply deploy/kubernetes/cluster-role.yaml, or add to its role: ${rulesOf(lacking, missing).join("; ")}`,
  );
}

const lost: Readonly<Record<Purpose, string>> = { services: "services", health: "health", changes: "changes" };

function verbsOf(kind: ReadKind, missing: readonly Right[]): readonly string[] {
  return neededVerbs.filter((verb) => missing.some((right) => right.kind === kind && right.verb === verb));
}

function placesOf(kind: ReadKind, missing: readonly Right[]): string {
  const places = new Set(
    missing.flatMap((right) => (right.kind === kind && right.namespace !== null ? [right.namespace] : [])),
  );
  return places.size === 0 ? "" : ` in ${[...places].join(", ")}`;
}

/** One rule per group. */
function rulesOf(kinds: readonly ReadKind[], missing: readonly Right[]): readonly string[] {
  return [...new Set(kinds.map(({ group }) => group))].map((group) => {
    const ofGroup = kinds.filter((kind) => kind.group === group);
    const verbs = neededVerbs.filter((verb) => ofGroup.some((kind) => verbsOf(kind, missing).includes(verb)));
    const resources = ofGroup.map(({ plural }) => plural).join(", ");
    return `{apiGroups: [${group === "" ? '""' : group}], resources: [${resources}], verbs: [${verbs.join(", ")}]}`;
  });
}
