/** The ledgers of all groups of sources, by scope. Filled and read by the measurers. */
import type { MetricSource } from "../../telemetry/metric-source.js";
import { createScopeLedger, type ScopeLedger } from "../ledger/scope-ledger.js";
import { type AskedGroups, groupName } from "./ask-groups.js";
import type { ScopedCounts } from "./fold-counts.js";
import type { LedgerGroup } from "./measure-objectives.js";

/** The ledgers. */
export interface LedgerGroups {
  /** One per cluster or shard, in the order of the sources. */
  readonly all: readonly LedgerGroup[];
  /** Writes blocks whose scopes begin with their group; those of a group that is configured no more are dropped. */
  write(blocks: readonly ScopedCounts[]): void;
  /** Says of each group why nothing of it is counted; those that are not named are counted. */
  exclude(problems: ReadonlyMap<string, string>): void;
  /** Marks what is interpolated and what could not be had, as the newest answer says. */
  mark(asked: Pick<AskedGroups, "approximate" | "refused">): void;
}

/** Empty ledgers for the groups of the sources. */
export function createLedgerGroups(sources: readonly MetricSource[]): LedgerGroups {
  const groups = new Map<
    string,
    { -readonly [K in keyof LedgerGroup]: LedgerGroup[K] } & { readonly ledgers: Map<string, ScopeLedger> }
  >();
  for (const source of sources) {
    const name = groupName(source);
    if (!groups.has(name))
      groups.set(name, { name, ledgers: new Map(), approximate: new Set(), refused: new Map(), problem: null });
  }
  return {
    all: [...groups.values()],
    write(blocks) {
      for (const { scope: scoped, block } of blocks) {
        const cut = scoped.indexOf("|");
        const ledgers = groups.get(scoped.slice(0, cut))?.ledgers;
        const scope = scoped.slice(cut + 1);
        const ledger = ledgers?.get(scope) ?? createScopeLedger();
        ledgers?.set(scope, ledger);
        ledger.write(block);
      }
    },
    exclude(problems) {
      for (const [name, group] of groups) group.problem = problems.get(name) ?? null;
    },
    mark({ approximate, refused }) {
      for (const [name, group] of groups) {
        group.approximate = approximate.get(name) ?? group.approximate;
        group.refused = refused.get(name) ?? group.refused;
      }
    },
  };
}
