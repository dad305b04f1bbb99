/** What copies that measure for one evaluation write to each other: the question of the one that leads, and what each has measured. Used by share-out.ts. */
import type { Measurement } from "../../slo/measurement.js";
import type { Objective } from "../../slo/objective.js";
import type { PageStore, SharedPage } from "../../store/page-store.js";
import type { SourceStatus } from "../../telemetry/source.js";
import { packJson, unpackJson } from "./packed-page.js";

/** An evaluation that waits for measurements. */
export interface AskedCycle {
  readonly atMs: number;
  /** Names the list of objectives: another one with each leading copy and each list. */
  readonly listName: string;
}

/** What was measured of one shard. */
export interface ShardAnswer extends AskedCycle {
  readonly endMs: number;
  /** One per objective of the shard, in their order. */
  readonly measurements: readonly Measurement[];
  readonly statuses: readonly SourceStatus[];
  readonly clockSkewsMs: readonly (readonly [string, number])[];
}

/** Page of the newest question, and of the list of objectives it is about. */
const [questionPage, listPage] = ["shard-question", "shard-objectives"];
const answerPage = (shard: number) => `shard-answer-${shard}`;

/** Asks: at most one question waits at a time. `list`: null when it was written before. @throws MESHLENS_ERR_STORE_* */
export async function postQuestion(
  pages: PageStore,
  asked: AskedCycle,
  list: readonly Objective[] | null,
): Promise<void> {
  const made = new Map<string, SharedPage>();
  if (list !== null) {
    made.set(listPage, { atMs: asked.atMs, bytes: await packJson([JSON.stringify({ name: asked.listName, list })]) });
  }
  made.set(questionPage, { atMs: asked.atMs, bytes: await packJson([JSON.stringify(asked)]) });
  await pages.post(made, "cycle");
}

/** The newest question; null when nobody asked yet. @throws MESHLENS_ERR_STORE_* */
export async function readQuestion(pages: PageStore): Promise<AskedCycle | null> {
  const page = await pages.load(questionPage, null);
  return page === null ? null : ((await unpackJson(page)) as AskedCycle);
}

/** The objectives of a list; null when there is another list by now. @throws MESHLENS_ERR_STORE_* */
export async function readList(pages: PageStore, listName: string): Promise<readonly Objective[] | null> {
  const page = await pages.load(listPage, null);
  if (page === null) return null;
  const { name, list } = (await unpackJson(page)) as { readonly name: string; readonly list: readonly Objective[] };
  return name === listName ? list : null;
}

/** @throws MESHLENS_ERR_STORE_* */
export async function postAnswers(pages: PageStore, answers: ReadonlyMap<number, ShardAnswer>): Promise<void> {
  const made = new Map<string, SharedPage>();
  for (const [shard, answer] of answers) {
    made.set(answerPage(shard), { atMs: answer.atMs, bytes: await packJson([JSON.stringify(answer)]) });
  }
  await pages.post(made, "measured");
}

/** What a shard's holder answered to this question; null while it has not. @throws MESHLENS_ERR_STORE_* */
export async function readAnswer(pages: PageStore, shard: number, asked: AskedCycle): Promise<ShardAnswer | null> {
  const page = await pages.load(answerPage(shard), null);
  if (page === null || page.atMs !== asked.atMs) return null;
  const answer = (await unpackJson(page)) as ShardAnswer;
  return answer.listName === asked.listName ? answer : null;
}
