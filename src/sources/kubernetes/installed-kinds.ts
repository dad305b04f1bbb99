/** Which of the mesh's kinds the API server knows, and in which version. Asked again from time to time: a mesh may be installed later. */
import type { Clock } from "../../telemetry/clock.js";
import type { CallOptions } from "../../telemetry/source.js";
import type { KubernetesClient } from "./kubernetes-client.js";
import { type ReadKind, readKinds } from "./read-kinds.js";

/** Kinds of custom resources as they are served now. */
export interface InstalledKinds {
  /** Null for a kind the server does not know. @throws MESHLENS_ERR_SOURCE_* */
  versionOf(kind: ReadKind, options: CallOptions): Promise<string | null>;
}

/** @param keepMs how long an answer holds */
export function createInstalledKinds(deps: {
  readonly client: KubernetesClient;
  readonly clock: Clock;
  readonly keepMs: number;
  /** Kinds that are asked about. */
  readonly kinds?: readonly ReadKind[];
}): InstalledKinds {
  const { client, clock, keepMs, kinds = readKinds } = deps;
  let known: Promise<ReadonlyMap<ReadKind, string>> | null = null;
  let askedAtMs = Number.NEGATIVE_INFINITY;

  async function ask(options: CallOptions): Promise<ReadonlyMap<ReadKind, string>> {
    const custom = kinds.filter(({ version }) => version === null);
    const groups = await client.groups(options);
    const found = new Map<ReadKind, string>();
    for (const group of new Set(custom.map((kind) => kind.group))) {
      // Kinds of one group need not share a version: of each the most preferred it is served in.
      for (const version of groups.get(group) ?? []) {
        const missing = custom.filter((kind) => kind.group === group && !found.has(kind));
        if (missing.length === 0) break;
        const plurals = await client.resources(group, version, options);
        for (const kind of missing) if (plurals.has(kind.plural)) found.set(kind, version);
      }
    }
    return found;
  }

  return {
    async versionOf(kind, options) {
      if (kind.version !== null) return kind.version;
      if (known === null || clock.nowMs() - askedAtMs >= keepMs) {
        askedAtMs = clock.nowMs();
        const asking = ask(options);
        known = asking;
        asking.catch(() => {
          if (known === asking) known = null;
        });
      }
      return (await known).get(kind) ?? null;
    },
  };
}
