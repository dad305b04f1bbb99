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
  "e2e/scenario-messages": 45,
  "e2e/demo-diagnosis": 40,
  "cli/demo-command": 34,
  "server/overload": 30,
  "access/access-sweep": 25,
  "server/fuzz": 25,
  "slack/delivery-faults": 22,
  "server/alertmanager-webhook": 20,
  "slack/delivery-soak": 19,
  "cli/commands": 14,
  "server/alerting-crash": 14,
  "e2e/embedded-scenarios": 13,
  "e2e/demo-alerts": 12,
  "server/second-process": 12,
  "server/slack-storm": 12,
  "store/migrate": 12,
  "cli/backtest": 12,
  "server/slack-server": 12,
  "alerting/faults": 10,
  "alerting/clock-jumps": 9,
  "alerting/evaluator": 9,
  "graphql/lists": 9,
  "alerting/backtest/closed-form": 8,
  "cli/slo": 8,
  "cli/diagnose": 8,
  "store/crash": 8,
  architecture: 8,
};

/** jest's own order by time, with a time for every file from the first run on. */
export default class SlowestFirstSequencer extends TestSequencer {
  time(test) {
    const usual = Object.entries(usualSeconds).find(([name]) => test.path.endsWith(`/${name}.test.js`));
    return super.time(test) ?? 1_000 * (usual?.[1] ?? 1);
  }
}
