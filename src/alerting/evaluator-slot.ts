/** Stands for the evaluator wherever it is asked for: of several copies only one has an evaluator, and not always the same. Made by the composition root. */
import { MeshlensError } from "../errors.js";
import type { Evaluator } from "./evaluator.js";

/** What is asked of an evaluator between two evaluations. */
export type AskedEvaluator = Pick<Evaluator, "rule" | "ruled" | "openIncidents">;

/** The place of an evaluator. Without one nobody is ruled and nothing is open; `rule` rejects with MESHLENS_ERR_STORE_FENCED. */
export interface EvaluatorSlot extends AskedEvaluator {
  /** Null: this copy evaluates no more. */
  put(evaluator: AskedEvaluator | null): void;
}

/** An empty one. */
export function createEvaluatorSlot(): EvaluatorSlot {
  let current: AskedEvaluator | null = null;
  return {
    put(evaluator) {
      current = evaluator;
    },
    async rule(words, clockMs) {
      if (current === null) {
        throw new MeshlensError(
          "MESHLENS_ERR_STORE_FENCED",
          "This copy does not evaluate: another one moves incidents.",
        );
      }
      await current.rule(words, clockMs);
    },
    ruled: () => current?.ruled() ?? new Map(),
    openIncidents: () => current?.openIncidents() ?? [],
  };
}
