/** The inheritance of ranges: a field's own range if it gives one, else what stands above it. */
import { GraphQLError } from "graphql";
import type { TimeWindow } from "../telemetry/time-window.js";
import type { GraphqlContext } from "./context.js";
import { type AskedRange, defaultWindow, isRangeProblem, type RangeTerms, resolveRange } from "./range.js";

/** The window of a field. @throws BAD_USER_INPUT for a range that cannot be, which is found before execution */
export function windowOf(
  context: Pick<GraphqlContext, "rangeTerms">,
  args: { readonly range?: AskedRange | null },
  inherited?: TimeWindow,
): TimeWindow {
  return windowOfRange(args.range, context.rangeTerms, inherited);
}

/** The same for arguments and terms at hand. */
export function windowOfRange(
  range: AskedRange | null | undefined,
  terms: RangeTerms,
  inherited: TimeWindow = defaultWindow(terms.nowMs),
): TimeWindow {
  if (range === null || range === undefined) return inherited;
  const result = resolveRange(range, terms);
  if (!isRangeProblem(result)) return result;
  throw new GraphQLError(`${result.what} ${result.remedy}`, { extensions: { code: "BAD_USER_INPUT" } });
}
