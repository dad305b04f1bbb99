/** Who explains most, then who explains most of what is left, and so on. Called by diagnose.ts. */
import { type Account, accountsOf, type ExplainDeps } from "./explain.js";
import type { Key } from "./request.js";
import type { Tally } from "./tally.js";

/** The ranking of a diagnosis. */
export interface Ranking {
  /** Each with what it explains after all before it were put back to what they were. */
  readonly explaining: readonly Account[];
  /** As they stood before anything was explained: who looks guilty at first sight. */
  readonly first: readonly Account[];
}

const mostRounds = 6;
/** Share of the requests. */
const negligible = 0.002;

/** @param talliesOf the tallies that remain when these services are as before */
export function rank(talliesOf: (explained: ReadonlySet<Key>) => readonly Tally[], deps: ExplainDeps): Ranking {
  const explained = new Set<Key>();
  const explaining: Account[] = [];
  let first: readonly Account[] = [];
  for (let round = 0; round < mostRounds; round += 1) {
    const accounts = accountsOf(talliesOf(explained), deps).filter(({ service }) => !explained.has(service));
    if (round === 0) first = accounts;
    const top = accounts[0];
    if (top === undefined || top.explained <= negligible) break;
    explaining.push(top);
    explained.add(top.service);
  }
  return { explaining, first };
}
