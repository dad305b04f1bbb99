/** What a conversion gives: the documents of another tool's format, and what its format cannot say. */
import type { Objective } from "../objective.js";

/** Something that is lost, at the objective it belongs to. */
export interface Loss {
  readonly objective: Objective;
  /** True when the objective as a whole could not be written. */
  readonly isWhole: boolean;
  readonly message: string;
}

/** Plain values, ready for YAML. */
export interface Converted {
  readonly documents: readonly object[];
  readonly losses: readonly Loss[];
}
