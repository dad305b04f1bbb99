// The order in which jest runs the test files (named in jest.config.js): the slowest first, so that no core is idle behind a long one at the
// end. jest knows the times of its last run in the same folder; a fresh clone has these, from a quiet machine of two cores.
import TestSequencer from "@jest/test-sequencer";

/** Seconds of the files that take long, by the end of their path without `.test.js`; a file that is missing here only comes later. */
const usualSeconds = {
  "real/alertmanager": 180,
  // 76, but under a clock that runs fast: best beside the two that mostly wait.
  "real/copies": 150,
  "real/inbox-page": 126,
  "real/closed-form": 104,
  "real/slo-rules": 100,
  "real/kubernetes/kubernetes": 90,
  "real/demo-scenarios": 78,
  "real/dashboards": 68,
  "real/joined-faults": 52,
  "real/deploy/dockerfile": 47,
  "real/store": 16,
  "e2e/demo-diagnosis": 50,
  "e2e/scenario-messages": 42,
  "access/access-sweep": 39,
  "cli/demo-command": 36,
  "server/alertmanager-webhook": 36,
  "server/fuzz": 35,
  "slack/delivery-faults": 27,
  "alerting/evaluator": 27,
  "alerting/backtest/closed-form": 25,
  "slack/delivery-soak": 20,
  "e2e/demo-alerts": 18,
  "cli/commands": 17,
  "cli/diagnose": 17,
  "store/crash": 15,
  "cli/backtest": 14,
  "server/slack-server": 14,
  "demo/simulation/exchanges": 13,
  "graphql/diagnosis": 13,
  "cli/slo": 12,
  "server/slack-storm": 12,
  "server/alerting-crash": 11,
};

/** jest's own order by time, with a time for every file from the first run on. */
export default class SlowestFirstSequencer extends TestSequencer {
  time(test) {
    const usual = Object.entries(usualSeconds).find(([name]) => test.path.endsWith(`/${name}.test.js`));
    return super.time(test) ?? 1_000 * (usual?.[1] ?? 1);
  }
}
