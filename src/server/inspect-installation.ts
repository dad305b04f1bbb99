/** Everything `meshlens check --deep` looks at: the sources, the store and Slack of one configuration. Used by the command. */
import type { LoadedConfig } from "../config/load-config.js";
import { storeSettings } from "../config/store-settings.js";
import { type Inspected, inspectSources } from "../inspection/inspect-sources.js";
import { neededWindows } from "../inspection/needed-windows.js";
import type { SlackFinding } from "../slack/check-slack.js";
import { defaultObjectives } from "../slo/default-objectives.js";
import type { Objective } from "../slo/objective.js";
import { amiss, type Inspection, type InspectionVerdict, passed } from "../telemetry/inspection.js";
import type { Composition } from "./compose.js";
import { meshSettings } from "./mesh-settings.js";
import { type ProbeReport, startProbes } from "./probe-sources.js";

/** What was found before, and how long the looking may take. */
export interface InstallationDeps {
  readonly composition: Composition;
  readonly objectives: readonly Objective[];
  /** Null where Slack is not configured. */
  readonly slack: readonly SlackFinding[] | null;
  /** How each source answered, in their order; left out: each is probed now. */
  readonly probes?: readonly Promise<ProbeReport>[];
  readonly timeoutMs: number;
  readonly onInspected?: () => void;
}

/** What every service without an objective of its own is given is the same. */
const anyService = { cluster: "", namespace: "", name: "" };

/** Sources in their order, then the store and Slack where they are configured. Never rejects for what it looks at. */
export async function inspectInstallation(
  { config }: LoadedConfig,
  { composition, objectives, slack, timeoutMs, probes, onInspected }: InstallationDeps,
): Promise<readonly Inspected[]> {
  const settings = storeSettings(config);
  const [sources, store] = await Promise.all([
    inspectSources({
      ...composition,
      probes: probes ?? startProbes(composition.sources, { clock: composition.clock, timeoutMs }),
      dialect: meshSettings(config).dialect,
      windows: neededWindows([...objectives, ...defaultObjectives(config.slo?.defaults, [anyService], [])]),
      timeoutMs,
      ...(onInspected === undefined ? {} : { onInspected }),
    }),
    settings === null ? null : inspectStoreOf(settings.url),
  ]);
  return [
    ...sources,
    ...(store === null ? [] : [{ name: "store", kind: "store" as const, findings: [store] }]),
    ...(slack === null ? [] : [{ name: "slack", kind: "slack" as const, findings: slack.map(ofSlack) }]),
  ];
}

/** Its drivers take some 20 MB: only for those who have a store. */
async function inspectStoreOf(url: string): Promise<Inspection> {
  return (await import("../store/inspect-store.js")).inspectStore(url);
}

const verdicts: Readonly<Record<SlackFinding["level"], InspectionVerdict>> = {
  OK: "PASS",
  WARNING: "WARN",
  ERROR: "FAIL",
};

function ofSlack({ name, level, message }: SlackFinding): Inspection {
  const verdict = verdicts[level];
  const words = `${name}: ${message}`;
  if (verdict === "PASS") return passed("slack", words);
  return amiss("slack", verdict, words, "see docs/guides/slack-app.md; `meshlens slack test` sends a message");
}
