/** A user's PromQL after parsing: what of it is data, and how it may be asked. Made by parseUserQuery only; text is never pasted. */
import type { MetricSelector } from "../telemetry/metric-source.js";

/** A sum of increases of one counter, added or subtracted. User text stands in the matchers as data; patterns of `=~` are the user's RE2. */
export interface CountTerm {
  readonly sign: 1 | -1;
  readonly selector: MetricSelector;
}

/** Text between the windows of a query that is asked as it is: pieces[0] window pieces[1] window ... pieces[n]. */
export type AskedPieces = readonly string[];

/** How a query is answered. */
export type UserQuery =
  /** Plain sums of `rate` or `increase`: counted step by step, exact, like the mesh's own metrics. */
  | { readonly kind: "counts"; readonly text: string; readonly terms: readonly CountTerm[] }
  /** Anything else: asked over each window as a whole, long ones rarely. Printed with askedText. */
  | { readonly kind: "asked"; readonly text: string; readonly pieces: AskedPieces };
