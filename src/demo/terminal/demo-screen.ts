/** What a demo says in a terminal. Pure: facts in, lines out; src/cli/demo-terminal.ts shows them and listens to the keys. */
import { firstThatFits, foldWords, type WindowSize } from "./fit-lines.js";

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
  /** Whether alerts go to its own inbox at /demo/slack; false where they go to a real Slack. */
  readonly hasInbox: boolean;
  /** How much had happened at its start, such as `6h`. */
  readonly history: string;
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
export function addressLines({ url, hasInbox }: DemoFacts): readonly string[] {
  return [
    ...(hasInbox ? [`  alerts    ${url}/demo/slack   (what Slack would show)`] : []),
    `  GraphiQL  ${url}/graphiql`,
    `  GraphQL   ${url}/graphql`,
    `  metrics   ${url}/demo/metrics   (for a Prometheus, with honor_labels)`,
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

/**
 * The screen of a terminal with keys. It stays one row below the window's height, where the cursor rests; in a small window it says less:
 * first without empty lines, then without queries and all addresses but GraphiQL's, at last only what runs and the keys.
 */
export function screenLines(facts: DemoFacts, { columns, rows }: WindowSize): readonly string[] {
  const title = [titleLine(facts)];
  const addresses = addressLines(facts);
  const story = scenarioLines(facts).flatMap((line) => foldWords(line, columns));
  const queries = ["Try", ...queryLines(facts)];
  const feeds =
    facts.feeds.length === 0 ? [] : ["Fed", ...facts.feeds.flatMap((line) => foldWords(`  ${line}`, columns))];
  const choices = ["Keys (q quits)", ...choiceLines(facts, columns)];
  const ways = [
    parted([title, addresses, story, queries, feeds, choices]),
    [title, addresses, story, queries, feeds, choices].flat(),
    [title, addresses.slice(0, 1), story, feeds, choices].flat(),
    [title, story, choices].flat(),
    [...story.slice(0, 1), ...choices],
  ];
  return firstThatFits(ways, { columns, rows: rows - 1 });
}

/** The same for a log file or a pipe: said once, without keys. */
export function plainLines(facts: DemoFacts): readonly string[] {
  return [
    `${titleLine(facts)} at ${facts.url}`,
    ...addressLines(facts),
    ...scenarioLines(facts),
    "Try",
    ...queryLines(facts),
    // What a backend answered while the past was lived through has not been told yet.
    ...(facts.feeds.length === 0 ? [] : ["Fed", ...facts.feeds.map((line) => `  ${line}`)]),
    `Another scenario: POST ${facts.url}/demo/scenario {"name": ...} with one of ${facts.scenarios.map(({ name }) => name).join(", ")}`,
  ];
}

function titleLine({ mesh, history }: DemoFacts): string {
  return `Meshlens demo: ${mesh}, ${history} of history, living on`;
}

/** At most four to a line, fewer where the window is narrow. */
function choiceLines({ scenarios, current }: DemoFacts, columns: number): readonly string[] {
  const width = Math.max(...scenarios.map(({ name }) => name.length)) + 4;
  const cells = scenarios.map(({ name }, i) => {
    const mark = name === current.name ? ">" : " ";
    return ` ${mark}${keys[i]} ${name}`.padEnd(width);
  });
  const perLine = Math.min(4, Math.max(1, Math.floor(columns / width)));
  return Array.from({ length: Math.ceil(cells.length / perLine) }, (_, line) =>
    cells
      .slice(line * perLine, (line + 1) * perLine)
      .join("")
      .trimEnd(),
  );
}

/** With an empty line between parts that say something. */
function parted(parts: readonly (readonly string[])[]): readonly string[] {
  return parts.filter((part) => part.length > 0).flatMap((part, index) => (index === 0 ? part : ["", ...part]));
}
