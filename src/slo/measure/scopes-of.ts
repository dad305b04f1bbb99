/** Scopes of the counts that objectives need: what a cycle must have whole. Pure; called by the measurer. */
import type { Objective } from "../objective.js";
import { callsScope, connectionGrains, connectionsScope, familiesOf, slowScope } from "./sli-family.js";
import { ownScope } from "./user-counts.js";

/** Each scope once. */
export function scopesOf(objectives: readonly Objective[]): ReadonlySet<string> {
  const scopes = new Set(objectives.flatMap((objective) => ownScope(objective) ?? []));
  for (const grain of connectionGrains(objectives)) scopes.add(connectionsScope(grain));
  for (const { view, grain, rules } of familiesOf(objectives)) {
    for (const { id, thresholdsMs } of rules) {
      scopes.add(callsScope(view, grain, id));
      for (const thresholdMs of thresholdsMs) scopes.add(slowScope(view, grain, id, thresholdMs));
    }
  }
  return scopes;
}
