/** Refuses operations that would cost more than the limit, saying which part of them is dearest. */
import { GraphQLError } from "graphql";
import type { OperationCost } from "./cost.js";

/** @throws GraphQLError COST_LIMIT with what to reduce */
export function checkCost({ points, parts }: OperationCost, limit: number): void {
  if (points <= limit) return;
  const dearest = parts.slice(0, 3).map((part) => `${part.path} (${Math.ceil(part.points)})`);
  const remedy = "Ask for a shorter range, a smaller `first`, fewer points, or fewer of these fields at once.";
  throw new GraphQLError(
    `The operation would cost ${points} points and the limit is ${limit}; dearest: ${dearest.join(", ")}. ${remedy}`,
    { extensions: { code: "COST_LIMIT", limit: "cost", remedy, cost: { requested: points, limit, upstreamCalls: 0 } } },
  );
}
