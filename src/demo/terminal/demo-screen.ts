/** What a demo says in a terminal. Pure: facts in, lines out; src/cli/demo-terminal.ts shows them and listens to the keys. */

/** What is told of a scenario. */
export interface ScenarioFacts {
  readonly name: string;
  /** What happens, in one sentence. */
  readonly story: string;
  /** What an engineer should look at. */
  readonly lookAt: string;
}

/** What a running demo is. */
export interface DemoFacts {
  readonly mesh: string;
  /** Such as http://127.0.0.1:4000. */
  readonly url: string;
  readonly historyMs: number;
  readonly scenarios: readonly ScenarioFacts[];
  readonly current: ScenarioFacts;
  readonly sinceMs: number;
  /** Real backends that are fed, one line each with what is wrong; [] when none is. */
  readonly feeds: readonly string[];
  /** Whose pages are worth a look; two are enough. */
  readonly services: readonly { readonly namespace: string; readonly name: string }[];
}

const keys = "123456789abcdefghijklmnoprstuvwxyz";

/** The scenario a key switches to; null for any other key. `q` is none: it ends the demo. */
export function scenarioOfKey(key: string, scenarios: readonly ScenarioFacts[]): ScenarioFacts | null {
  const index = keys.indexOf(key);
  return index < 0 || key.length !== 1 ? null : (scenarios[index] ?? null);
}

/** The addresses: what a program or a person needs first. */
export function addressLines({ url }: DemoFacts): readonly string[] {
  return [
    `  GraphiQL  ${url}/graphiql`,
    `  GraphQL   ${url}/graphql`,
    `  metrics   ${url}/demo/metrics   (the mesh's own, for a Prometheus: honor_labels: true)`,
  ];
}

/** Three questions that show what one query can answer, as links that open them. */
export function queryLines({ url, services }: DemoFacts): readonly string[] {
  const pages = services
    .slice(0, 2)
    .map(({ namespace, name }) => [`the page of ${name}`, `${url}/graphiql?page=${namespace}/${name}`] as const);
  const all = [...pages, ["the whole mesh", `${url}/graphiql?tab=service-graph`] as const];
  const width = Math.max(...all.map(([what]) => what.length));
  return all.map(([what, link]) => `  ${what.padEnd(width)}   ${link}`);
}

/** What runs and what to look at. */
export function scenarioLines({ current, sinceMs }: DemoFacts): readonly string[] {
  const since = new Date(sinceMs).toISOString().slice(11, 19);
  return [`Running: ${current.name} since ${since} UTC`, `  ${current.story}`, `  Look at ${current.lookAt}.`];
}

/** The whole screen of a terminal with keys. */
export function screenLines(facts: DemoFacts): readonly string[] {
  const width = Math.max(...facts.scenarios.map(({ name }) => name.length)) + 2;
  const choices = facts.scenarios.map(({ name }, i) => {
    const mark = name === facts.current.name ? ">" : " ";
    return `${mark}${keys[i]} ${name.padEnd(width)}`;
  });
  return [
    `Meshlens demo: ${facts.mesh}, ${facts.historyMs / 3_600_000} h of history, living on`,
    "",
    ...addressLines(facts),
    "",
    ...scenarioLines(facts),
    "",
    "Try",
    ...queryLines(facts),
    "",
    ...(facts.feeds.length === 0 ? [] : ["Fed", ...facts.feeds.map((line) => `  ${line}`), ""]),
    "Keys",
    ...inRows(choices, 4).map((row) => ` ${row.trimEnd()}`),
    "  q quit",
  ];
}

/** The same for a log file or a pipe: said once, without keys. */
export function plainLines(facts: DemoFacts): readonly string[] {
  return [
    `Meshlens demo: ${facts.mesh}, ${facts.historyMs / 3_600_000} h of history, living on at ${facts.url}`,
    ...addressLines(facts),
    ...scenarioLines(facts),
    "Try",
    ...queryLines(facts),
    `Another scenario: POST ${facts.url}/demo/scenario {"name": ...} with one of ${facts.scenarios.map(({ name }) => name).join(", ")}`,
  ];
}

function inRows(cells: readonly string[], perRow: number): readonly string[] {
  return Array.from({ length: Math.ceil(cells.length / perRow) }, (_, row) =>
    cells.slice(row * perRow, (row + 1) * perRow).join(" "),
  );
}
