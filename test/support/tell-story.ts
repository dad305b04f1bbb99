/** Plays events of a story to a source through whatever server stands behind it: first what there is, then what happens, at its time. */
import type { WorkloadSource } from "../../src/telemetry/workload-source.js";
import type { WatchEvent } from "../../src/workloads/watch-event.js";
import { type Json, kubeNowMs } from "./kube-objects.js";
import { type SetClock, soon } from "./kubernetes-source.js";
import { waitUntil } from "./wait-until.js";

/** Who writes the objects. */
export interface StoryTeller {
  /** @param isFirst it was there before the story begins */
  put(object: Json, isFirst: boolean): void | Promise<void>;
  remove(object: Json): void | Promise<void>;
}

const touched = ["ratings", "reviews"].map((name) => ({ namespace: "bookinfo", name }));

/** Leaves the clock at kubeNowMs. Each event after the first instant must tell a change of ratings or reviews. */
export async function tellStory(
  teller: StoryTeller,
  source: WorkloadSource,
  clock: SetClock,
  events: readonly WatchEvent[],
): Promise<void> {
  const beganMs = events[0]?.atMs ?? clock.atMs;
  for (const { object, atMs } of events) if (atMs === beganMs) await teller.put(object as Json, true);
  clock.atMs = beganMs;
  const seen = async () => (await source.changes(touched, { fromMs: 0, toMs: kubeNowMs }, soon(clock))).value.length;
  for (const { type, object, atMs } of events.filter((event) => event.atMs !== beganMs)) {
    const before = await seen();
    clock.atMs = atMs;
    await (type === "DELETED" ? teller.remove(object as Json) : teller.put(object as Json, false));
    await waitUntil(`the event of ${atMs}`, async () => (await seen()) > before);
  }
  clock.atMs = kubeNowMs;
}
