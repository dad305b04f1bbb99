/** Closed-form cases as a `promtool test rules` file: the ruler of a real Prometheus evaluates generated rules over made-up series. */
import { stringify } from "yaml";
import { ruleText } from "../../src/server/rule-text.js";
import type { Objective } from "../../src/slo/objective.js";
import { usualNames } from "../../src/slo/readers/declared-objective.js";
import { countedRules } from "../../src/slo/rules/counted-rules.js";
import { ruleFile } from "../../src/slo/rules/rule-group.js";
import { alertName } from "../../src/slo/rules/sloth-names.js";
import { type Cumulative, hourMs, secondMs, stepMs } from "./alert-stream.js";

const scrapeMs = 15 * secondMs;
/** Traffic goes this far back: past the longest window of the objectives' tiers. */
const historyMs = 6.5 * hourMs;

/** One service and when its page must be firing, after moment 0; null: never. `toMs` null: still at the end. */
export interface RuledCase {
  readonly objective: Objective;
  readonly counts: Cumulative;
  readonly lengthMs: number;
  readonly firing: { readonly fromMs: number; readonly toMs: number | null } | null;
}

/** The rules, and the file that tests them; names are relative to the test file. */
export function ruleTest(
  cases: readonly RuledCase[],
  rulesName: string,
): { readonly rules: string; readonly test: string } {
  const settings = { mesh: { dialect: "istio", reporter: "source" } as const, stepMs, ...ruleText(scrapeMs) };
  const groups = cases.flatMap(
    ({ objective }) => countedRules({ objective, names: usualNames(objective) }, settings) ?? [],
  );
  const tests = cases.map(({ objective, counts, lengthMs, firing }) => ({
    name: objective.service.name,
    interval: "15s",
    input_series: seriesOf(objective.service.name, objective.service.namespace, counts, lengthMs),
    promql_expr_test: instantsOf(firing, lengthMs).map(([atMs, isFiring]) => ({
      expr: `count(ALERTS{alertname="${alertName({ objective, names: usualNames(objective) })}",alertstate="firing"})`,
      eval_time: `${(historyMs + atMs) / 1000}s`,
      exp_samples: isFiring ? [{ labels: "{}", value: 1 }] : [],
    })),
  }));
  return {
    rules: ruleFile(groups),
    test: stringify({ rule_files: [rulesName], evaluation_interval: "30s", tests }, { lineWidth: 0 }),
  };
}

/** Where it is looked: more than a step to either side of each edge, because an evaluation sees an instant at the first step after it. */
function instantsOf(firing: RuledCase["firing"], lengthMs: number): readonly (readonly [number, boolean])[] {
  const onStep = (ms: number) => Math.round(ms / stepMs) * stepMs;
  if (firing === null) return [0.1, 0.3, 0.5, 0.7, 0.9].map((share) => [onStep(lengthMs * share), false] as const);
  const { fromMs, toMs } = firing;
  const begin = [
    [onStep(fromMs) - 2 * stepMs, false],
    [onStep(fromMs) + 2 * stepMs, true],
    [onStep((fromMs + (toMs ?? lengthMs)) / 2), true],
  ] as const;
  if (toMs === null) return [...begin, [lengthMs - stepMs, true]];
  return [...begin, [onStep(toMs) - 2 * stepMs, true], [onStep(toMs) + 2 * stepMs, false]];
}

function seriesOf(service: string, namespace: string, counts: Cumulative, lengthMs: number) {
  const target = `job="istio",instance="front-of-${service}:15020",pod="front-of-${service}-0"`;
  const labels = `${target},reporter="source",source_workload="front-of-${service}",destination_service_name="${service}",destination_service_namespace="${namespace}",response_flags="-"`;
  const points = Math.floor((historyMs + lengthMs) / scrapeMs) + 1;
  const values = (of: (atMs: number) => number) => {
    const whole = Array.from({ length: points }, (_, i) => Math.floor(of(i * scrapeMs - historyMs) + 1e-6));
    const first = whole[0] ?? 0;
    const born = whole.findIndex((value) => value > 0);
    // A proxy has no series of what never happened.
    return born < 0
      ? "_"
      : whole.map((value, i) => (i < born ? "_" : String(value - (born === 0 ? first : 0)))).join(" ");
  };
  return [
    { series: `up{${target}}`, values: `1x${points - 1}` },
    {
      series: `istio_requests_total{${labels},response_code="200"}`,
      values: values((ms) => counts(ms).total - counts(ms).failed),
    },
    { series: `istio_requests_total{${labels},response_code="503"}`, values: values((ms) => counts(ms).failed) },
  ];
}
