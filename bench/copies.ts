/** Several copies on one PostgreSQL: what a second one adds, and how soon it stands in for the first. */
import { postgres } from "../test/real/backends/postgres.js";
import type { BenchContext, BenchResult } from "./bench-result.js";
import { benchFailover } from "./failover.js";
import { benchReplicas } from "./replicas.js";

/** One after the other, each on a server of its own. */
export async function benchCopies(context: BenchContext): Promise<readonly BenchResult[]> {
  const [forFailover = "", forReplicas = ""] = await context.start([postgres, postgres]);
  return [...(await benchFailover(forFailover, context)), ...(await benchReplicas(forReplicas, context))];
}
