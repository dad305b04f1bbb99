/** A user's PromQL after parsing: what of it is data, and how it may be asked. Made by parseUserQuery only; text is never pasted. */
import type { MetricSelector } from "../telemetry/metric-source.js";
import { formatDuration } from "./format-duration.js";

/** A sum of increases of one counter, added or subtracted. User text stands in the matchers as data; patterns of `=~` are the user's RE2. */
export interface CountTerm {
  readonly sign: 1 | -1;
  readonly selector: MetricSelector;
}

/** Plain sums of `rate` or `increase`: counted step by step, exact, like the mesh's own metrics. */
export interface CountedQuery {
  readonly kind: "counts";
  /** As the user wrote it. */
  readonly text: string;
  readonly terms: readonly CountTerm[];
  /** As in AskedQuery, for standing beside one that cannot be counted. */
  readonly pieces: readonly string[];
}

/** Anything else: asked over each window as a whole, long ones rarely; one that names no window at every step instead. */
export interface AskedQuery {
  readonly kind: "asked";
  readonly text: string;
  /** Checked PromQL with a value at every instant whatever the window; null where the objective's windows stand in the query. */
  readonly instant: string | null;
  /** Checked PromQL around its windows: pieces[0] window pieces[1] window ... pieces[n]; at least one window. */
  readonly pieces: readonly string[];
}

/** How a query is answered. */
export type UserQuery = CountedQuery | AskedQuery;

/** The PromQL of a query over one window. */
export function askedText(query: Pick<UserQuery, "pieces">, windowMs: number): string {
  return windowedText(query, formatDuration(windowMs));
}

/** The same with any text where its windows stand, such as another tool's placeholder. */
export function windowedText({ pieces }: Pick<UserQuery, "pieces">, window: string): string {
  return pieces.join(window);
}

/** One query divided by another, as a query. Line ends keep a comment of one from swallowing the other. */
export function dividedBy(part: UserQuery, total: UserQuery): AskedQuery {
  const pieces = joined(joined(joined(["("], part.pieces), ["\n) / ("]), joined(total.pieces, ["\n)"]));
  const [one, other] = [part, total].map((query) => (query.kind === "asked" ? query.instant : null));
  const instant = one == null || other == null ? null : `(${one}\n) / (${other}\n)`;
  return { kind: "asked", text: `(${part.text}) / (${total.text})`, instant, pieces };
}

function joined(a: readonly string[], b: readonly string[]): readonly string[] {
  return [...a.slice(0, -1), `${a.at(-1) ?? ""}${b[0] ?? ""}`, ...b.slice(1)];
}
