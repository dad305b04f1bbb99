/**
 * Searches that belong together, asked of as few trace backends as tell all. The first asks every backend; once one was seen to hold what
 * the others hold too, it is asked alone. Called by the evidence reader.
 */
import { serviceKey } from "../../telemetry/service-ref.js";
import type { TraceSource } from "../../telemetry/trace-source.js";
import type { Pillar, TracePage } from "../mesh.js";
import { replicaGroups } from "../pillar.js";
import type { SearchedPage, TraceQuestion } from "./trace-search.js";

/** Searches some of the sources. */
export type SearchSources = (question: TraceQuestion, sources: readonly TraceSource[]) => Promise<SearchedPage>;

/** One per request: what it learns of a service's traces holds for that long. A backend that then fails costs one more search of all. */
export function createSampledSearch(
  sources: readonly TraceSource[],
  search: SearchSources,
): (question: TraceQuestion) => Promise<Pillar<TracePage>> {
  const groups = replicaGroups(sources);
  const enough = new Map<string, readonly TraceSource[]>();
  const first = new Map<string, Promise<unknown>>();

  async function searchAll(question: TraceQuestion, key: string): Promise<Pillar<TracePage>> {
    const { page, holder } = await search(question, sources);
    const group = groups.find((one) => one.some((source) => source === holder));
    if (group !== undefined) enough.set(key, group);
    return page;
  }

  return async (question) => {
    const key = serviceKey(question.ref);
    if (groups.length < 2) return (await search(question, sources)).page;
    const before = first.get(key);
    if (before === undefined) {
      const answer = searchAll(question, key);
      first.set(key, answer);
      return answer;
    }
    await before;
    const known = enough.get(key);
    if (known === undefined) return searchAll(question, key);
    const { page } = await search(question, known);
    return page.value === null ? searchAll(question, key) : page;
  };
}
