/** Log lines for Elasticsearch: indices with their shippers' mappings, one bulk; the recorded lines are counted per index afterwards. */

import { readExpected, readFixture } from "../../support/bookinfo/fixture-files.js";
import { loadBookinfo, type RecordedLog } from "../../support/bookinfo/load-bookinfo.js";
import { fetchJson, fetchText, posting } from "./http-json.js";

/** Mapping by index. */
export type Mappings = Readonly<Record<string, object>>;

/**
 * Loads the recorded lines and says how many; ids are fixed, so a second load overwrites.
 * @throws Error with the first refusal, or with the index whose count is wrong
 */
export async function loadLogs(server: string, url: string): Promise<string> {
  const { logs } = readExpected();
  await feedDocuments(server, url, loadBookinfo().logs, JSON.parse(readFixture("mappings")));
  let total = 0;
  for (const [index, expected] of Object.entries(logs)) {
    const { count } = await fetchJson<{ count: number }>(`${url}/${index}/_count`);
    if (count !== expected.total) {
      throw new Error(
        `${server} holds ${count} documents in ${index}, not ${expected.total}: delete the index and run again.`,
      );
    }
    total += count;
  }
  return `${total} log lines in ${Object.keys(logs).length} indices`;
}

/** Puts documents where searches see them; an index that exists keeps its mapping. @throws Error with the first refusal */
export async function feedDocuments(
  server: string,
  url: string,
  documents: readonly RecordedLog[],
  mappings: Mappings,
): Promise<void> {
  for (const [index, mapping] of Object.entries(mappings)) {
    const exists = (await fetch(`${url}/${index}`, { method: "HEAD" })).ok;
    const creation = { ...posting("application/json", JSON.stringify({ mappings: mapping })), method: "PUT" };
    if (!exists) await fetchText(`${url}/${index}`, creation);
  }
  const lines = documents.flatMap(({ index, id, source }) => [{ index: { _index: index, _id: id } }, source]);
  const body = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  const answer = await fetchJson<BulkAnswer>(`${url}/_bulk?refresh=true`, posting("application/x-ndjson", body));
  const refused = answer.items.find((item) => item.index.error);
  if (refused) throw new Error(`${server} refused a log line: ${JSON.stringify(refused.index)}`);
}

interface BulkAnswer {
  readonly items: readonly { readonly index: { readonly error?: object } }[];
}
