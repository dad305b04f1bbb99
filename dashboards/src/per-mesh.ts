/** The same question in each mesh's words: one target each, of which the mesh that is not there has no data. */

import { type Choice, wholeRange } from "./promql/choice.js";
import { istioAttempts, istioCalls, istioErrorRatio, istioLatency } from "./promql/istio.js";
import { linkerdAttempts, linkerdCalls, linkerdErrorRatio, linkerdLatency } from "./promql/linkerd.js";
import { type PromOptions, promql, type Target } from "./targets.js";

/** A target per mesh; without a legend each is called by its mesh. */
export function perMesh(what: string, istio: string, linkerd: string, options: PromOptions = {}): readonly Target[] {
  return [
    promql(`istio ${what}`, istio, { ...options, legend: options.legend || "Istio" }),
    promql(`linkerd ${what}`, linkerd, { ...options, legend: options.legend || "Linkerd" }),
  ];
}

/** Calls per second. */
export function calls(legend: string, choice: Choice = {}): readonly Target[] {
  return perMesh("calls", top(choice, istioCalls(choice)), top(choice, linkerdCalls(choice)), asked(legend, choice));
}

/** Failed calls / calls. */
export function errorRatio(legend: string, choice: Choice = {}): readonly Target[] {
  return perMesh(
    "error ratio",
    top(choice, istioErrorRatio(choice)),
    top(choice, linkerdErrorRatio(choice)),
    asked(legend, choice),
  );
}

/** A quantile, ms. */
export function latency(quantile: number, legend: string, choice: Choice = {}): readonly Target[] {
  const what = `p${Math.round(quantile * 100)}`;
  return perMesh(
    what,
    top(choice, istioLatency(quantile, choice)),
    top(choice, linkerdLatency(quantile, choice)),
    asked(legend, choice),
  );
}

/** Attempts per second. */
export function attempts(legend: string, choice: Choice = {}): readonly Target[] {
  return perMesh("attempts", istioAttempts(choice), linkerdAttempts(choice), asked(legend, choice));
}

function top({ top: count }: Choice, expr: string): string {
  return count === undefined ? expr : `topk(${count}, ${expr})`;
}

/** Over the whole range a question is one figure. */
function asked(legend: string, { window }: Choice): PromOptions {
  return { legend, isInstant: window === wholeRange };
}
