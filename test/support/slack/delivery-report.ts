/** The delivery matrix as docs/reference/slack-delivery.md. Pure; called by scripts/soak-slack.mjs. */
import { deliveryCalls, deliveryFaults, lookupCalls } from "./delivery-faults.js";
import { type StoryVerdict, storyModes } from "./delivery-story.js";
import type { KilledDelivery } from "./kill-a-delivery.js";

/** One incident of the soak. */
export interface SoakRun extends StoryVerdict {
  readonly mode: string;
  readonly fault: string;
  readonly step: string;
}

/** The page. */
export function deliveryReport(runs: readonly SoakRun[], killed: readonly KilledDelivery[]): string {
  const kills = killed.reduce((sum, one) => sum + one.kills, 0);
  return `# What arrives in Slack, whatever happens

Written by \`node scripts/soak-slack.mjs ${runs.length} ${killed.length}\`; do not edit. Each run tells one incident (a ticket, its evidence with a chart, the
page it becomes, its end) to the strict stand-in of Slack (\`src/demo/slack\`), while one fault meets one step once or twice and the
process dies up to three times, each at a random point: before or after any call to Slack or to the store took effect. Half of the runs
bring the next piece of news before the one before it has got out. ${killed.length} further incidents were told by real processes, killed by
\`SIGKILL\` ${kills} times at random points: ${sum(killed, "lost")} lost, ${sum(killed, "disordered")} out of order, ${sum(killed, "doubled")} twice.

## By how Slack is reached

| mode | incidents | deaths | calls that failed | lost | out of order | there twice |
|---|---|---|---|---|---|---|
${storyModes
  .map((mode) =>
    modeRow(
      mode,
      runs.filter((run) => run.mode === mode),
    ),
  )
  .join("\n")}

With a bot that may read the history of its channel nothing is there twice: what may have arrived is looked up by its \`delivery_id\`
before it is sent again. (One case remains, which these runs meet only on a machine too busy for their shorter time limit: a call that was given up after ten seconds and reaches Slack only after it
was looked for, two seconds later or more.) The other rows are what cannot be known. A history that shows a message later than we look hides it; without
\`channels:history\` nobody can look; a webhook says nothing of where a message stands. There Meshlens says it again: twice is better than never.

## With a bot: each fault at each step

Incidents, and deaths of the process among them. In all of them nothing was lost, out of order, or there twice.

| fault | ${steps.map((step) => `\`${step}\``).join(" | ")} |
|---|${steps.map(() => "---").join("|")}|
${Object.keys(deliveryFaults)
  .map((fault) => faultRow(fault, runs))
  .join("\n")}
`;
}

const steps = [...deliveryCalls, ...lookupCalls];

function modeRow(mode: string, runs: readonly SoakRun[]): string {
  const figures = [
    runs.length,
    total(runs, ({ deaths }) => deaths),
    total(runs, ({ faultsMet }) => faultsMet),
    sum(runs, "lost"),
    sum(runs, "disordered"),
    sum(runs, "doubled"),
  ];
  return `| ${mode} | ${figures.map((figure) => figure.toLocaleString("en-US")).join(" | ")} |`;
}

function faultRow(fault: string, runs: readonly SoakRun[]): string {
  const cells = steps.map((step) => {
    const own = runs.filter((run) => run.mode === "bot" && run.fault === fault && run.step === step);
    return `${own.length}, ${total(own, ({ deaths }) => deaths)}`;
  });
  return `| ${fault} | ${cells.join(" | ")} |`;
}

function total<T>(list: readonly T[], of: (one: T) => number): number {
  return list.reduce((all, one) => all + of(one), 0);
}

function sum<K extends "lost" | "disordered" | "doubled">(
  list: readonly Readonly<Record<K, readonly string[]>>[],
  key: K,
): number {
  return total(list, (one) => one[key].length);
}
