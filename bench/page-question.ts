/** The service page over the recorded Bookinfo on real backends, as the benches of a page ask for it. */

import { once } from "../src/telemetry/once.js";
import { elasticsearch8 } from "../test/real/backends/elasticsearch.js";
import { jaeger } from "../test/real/backends/jaeger.js";
import { prometheus3 } from "../test/real/backends/prometheus.js";
import { zipkin } from "../test/real/backends/zipkin.js";
import { readExpected } from "../test/support/bookinfo/fixture-files.js";
import type { BenchContext } from "./bench-result.js";
import type { BenchSource } from "./meshlens-process.js";

/** Read once: variables are made while time is taken. */
const expected = once(readExpected);
const kinds = ["prometheus", "jaeger", "zipkin", "elasticsearch"] as const;

/** Starts one backend of each kind; the sources to configure. */
export async function startPageSources(start: BenchContext["start"]): Promise<readonly BenchSource[]> {
  const urls = await start([prometheus3, jaeger, zipkin, elasticsearch8]);
  return kinds.map((kind, i) => ({ name: kind, kind, url: urls[i] ?? "" }));
}

/** Where the range of question 0 ends, epoch ms. */
export function pageEndMs(): number {
  return expected().toMs;
}

/** Variables of question `n`: each asks for another range, so that no kept answer helps; "now" plays no part. */
export function pageVariables(n: number): Record<string, unknown> {
  const { fromMs, toMs } = expected();
  return {
    service: { namespace: "bookinfo", name: "reviews" },
    range: { absolute: { from: new Date(fromMs).toISOString(), to: new Date(toMs - n * 50).toISOString() } },
  };
}
