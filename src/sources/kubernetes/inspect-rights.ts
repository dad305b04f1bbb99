/** Asks the API server what Meshlens may do, kind by kind, before anything is missing from an answer. Called by the source's `inspect`. */
import { inTurns } from "../../telemetry/in-turns.js";
import { amiss, type Inspection } from "../../telemetry/inspection.js";
import type { CallOptions } from "../../telemetry/source.js";
import type { InstalledKinds } from "./installed-kinds.js";
import { judgeRights, neededVerbs, type Right } from "./judge-rights.js";
import type { KubernetesClient } from "./kubernetes-client.js";
import type { ReadKind } from "./read-kinds.js";

const asksAtOnce = 8;

/** @param targets kinds and where they are read; null: in all namespaces */
export async function inspectRights(
  deps: { readonly client: KubernetesClient; readonly installed: InstalledKinds },
  targets: readonly (readonly [ReadKind, string | null])[],
  options: CallOptions,
): Promise<Inspection> {
  const { client, installed } = deps;
  const kinds = [...new Set(targets.map(([kind]) => kind))];
  const versions = new Map<ReadKind, string | null>();
  for (const kind of kinds) versions.set(kind, await installed.versionOf(kind, options));
  const asked = targets.flatMap(([kind, namespace]) =>
    versions.get(kind) === null ? [] : neededVerbs.map((verb) => ({ kind, namespace, verb })),
  );
  const answers = await inTurns(asked, asksAtOnce, async (one) => ({
    ...one,
    isAllowed: await client.mayI(one.kind, one.verb, one.namespace, options),
  }));
  const known = answers.filter((one): one is Right => one.isAllowed !== null);
  if (known.length < answers.length)
    return amiss(
      "rights",
      "UNKNOWN",
      "the API server does not say what Meshlens may do",
      "bind the ClusterRole system:basic-user to system:authenticated again, as Kubernetes does by itself",
    );
  return judgeRights(
    known,
    kinds.filter((kind) => versions.get(kind) === null),
  );
}
