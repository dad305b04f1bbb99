import { test } from "@jest/globals";
import { bookinfoWithShop } from "../../../src/demo/meshes/join-meshes.js";
import { knownScenarios } from "../../../src/demo/scenarios/known-scenarios.js";
import { createSimulation } from "../../../src/demo/simulation/create-simulation.js";
import { readKinds } from "../../../src/sources/kubernetes/read-kinds.js";
import { createMemoryWorkloadSource } from "../../../src/sources/memory/memory-workload-source.js";
import { noonMs } from "../../demo/play.js";
import { golden } from "../../support/golden.js";

const minuteMs = 60_000;

interface Told {
  readonly change: string;
  readonly services: readonly string[];
}

/** A scenario's changes once it has settled, newest last, and what is not healthy then. */
async function play(scenario: string, settlesAfterMs: number) {
  let nowMs = noonMs;
  const config = { name: "demo", cluster: null, maxAgeMs: 86_400_000, maxChanges: 1_000 };
  const source = createMemoryWorkloadSource({ config, clock: { nowMs: () => nowMs } });
  const simulation = createSimulation({
    mesh: bookinfoWithShop,
    seed: 1,
    startMs: noonMs,
    onChange: (event) => source.append([event]),
  });
  simulation.switchTo(scenario, noonMs + 1_000);
  simulation.advance(noonMs + settlesAfterMs + 5 * minuteMs, () => {});
  nowMs = simulation.nowMs();
  const call = { signal: new AbortController().signal, deadlineMs: nowMs + 1_000 };
  const names = (await source.services(call)).value;
  const changes = (await source.changes(names, { fromMs: noonMs, toMs: nowMs }, call)).value;
  const health = (await source.health(names, call)).value;
  return {
    told: changes.toReversed().map(
      ({ kind, name, summary, services }): Told => ({
        change: `${kind} ${name}: ${summary}`,
        services: services.map((one) => one.name).sort(),
      }),
    ),
    ill: names.flatMap(({ name }, nth) => {
      const one = health[nth];
      return one === null || one === undefined || one.state === "HEALTHY"
        ? []
        : [`${name} ${one.state}: ${one.reasons[0]}`];
    }),
  };
}

function listed(services: readonly string[]): string {
  return services.length > 6 ? `all ${services.length} of the namespace` : services.join(", ");
}

const cell = (text: string) => text.replaceAll("|", "\\|");

test("golden: docs/reference/changes.md tells each scenario's change in words, and the kinds that are read", async () => {
  const rows: string[] = [];
  for (const { name, settlesAfterMs } of knownScenarios) {
    const { told, ill } = await play(name, settlesAfterMs);
    const first = told.length === 0 ? [{ change: "none", services: [] }] : told;
    rows.push(
      ...first.map(
        ({ change, services }, nth) =>
          `| ${nth === 0 ? `\`${name}\`` : ""} | ${cell(change)} | ${listed(services)} | ${nth === 0 ? cell(ill.join("; ")) || "all healthy" : ""} |`,
      ),
    );
  }
  const groups = [...new Set(readKinds.map(({ group }) => group))].map((group) => {
    const kinds = readKinds.filter((kind) => kind.group === group);
    const names = kinds.map(({ kind, form }) => (form === "whole" ? kind : `${kind} (metadata only)`)).join(", ");
    return `| ${group === "" ? "core" : `\`${group}\``} | ${names} |`;
  });
  golden(
    "docs/reference/changes.md",
    `# Changes and health from Kubernetes

Written by a test from the code (\`npm run golden:write\`). A source of kind \`kubernetes\` follows the kinds below, keeps them in memory
and tells two versions of an object apart as a person would; \`service.changes\`, the evidence of alerts and annotations in Grafana show
these sentences. A change is dated by what the object itself says (managedFields, revisions, events), else by when it was noticed.

## Each demo scenario's change in words

Seen five minutes after the scenario has settled. "Touches" lists the services whose \`changes\` have it, worked out from hosts, selectors
and subsets.

| scenario | change | touches | health then |
|---|---|---|---|
${rows.join("\n")}

## What is read

With \`list\` and \`watch\` only (\`deploy/kubernetes/cluster-role.yaml\` grants exactly these). Secrets and ConfigMaps are not read; values of
environment variables are replaced as they come in by digests that are of use to this process only: a change is seen, a value never.
Routine events (starts, pulls, scalings) stay with the server: the objects tell the same better.

| API group | kinds |
|---|---|
${groups.join("\n")}

A kind that may not be read is named in the source's status (\`DEGRADED\`) and in \`meshlens check\`; the others are read. A kind that is not
installed is nothing to tell, and is found within a minute when it appears. Without the right to Services there is no answer
(\`UNAUTHORIZED\`). While the API server is away, answers say how old they are; after five minutes there is no health any more.

## How long changes are kept

In memory the newest 10,000 changes of objects and as many of events and restarts, each renewed when it happens again. With a
\`store:\` they survive a restart and are kept for \`store.keepChanges\`; the objects are kept there too, without status and without
values of the environment, so that what was changed or deleted while Meshlens was away is told against the version before.
`,
  );
});
