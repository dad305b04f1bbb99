/**
 * Shards of objectives: those whose counts come with one grouped question and lie in one ledger stay together, so that no question is asked
 * twice and no ledger has two writers. Pure; called by the copies that share measuring out.
 */
import { createHash } from "node:crypto";
import type { Objective } from "../objective.js";
import { placeOf } from "./sli-family.js";
import { ownScope } from "./user-counts.js";

/** How many there are; the same in all copies, always. */
export const shardCount = 8;

/** The shard of an objective, from 0. */
export function shardOfObjective(objective: Objective): number {
  const scope = placeOf(objective)?.callsScope ?? ownScope(objective) ?? `asked|${objective.id}`;
  return shardOfUnit(unitOf(scope));
}

/** The shard of a stored scope, whose name begins with its group. */
export function shardOfScope(scope: string): number {
  return shardOfUnit(unitOf(scope.slice(scope.indexOf("|") + 1)));
}

/** What must stay together: a family of calls with all its rules and thresholds, the connections of a grain, a query of a user. */
function unitOf(scope: string): string {
  const [kind, view, grain] = scope.split("|");
  return kind === "calls" || kind === "slow" ? `calls|${view}|${grain}` : scope;
}

const known = new Map<string, number>();
const mostKnown = 20_000;

function shardOfUnit(unit: string): number {
  const before = known.get(unit);
  if (before !== undefined) return before;
  const shard = createHash("sha256").update(unit).digest().readUInt32BE(0) % shardCount;
  if (known.size >= mostKnown) known.clear();
  known.set(unit, shard);
  return shard;
}
