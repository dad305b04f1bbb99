/** Events of the simulated cluster: counted up when they come again, forgotten after an hour as real clusters do. Used by the controllers. */
import { fnv1a } from "../simulation/random.js";
import type { Timeline } from "../simulation/timeline.js";
import type { ObjectStore } from "./object-store.js";
import { type ClusterEvent, eventObject } from "./service-objects.js";

const keptMs = 3_600_000;

/** Records events in a store. */
export function createEventRecorder(
  store: ObjectStore,
  timeline: Timeline,
): (event: ClusterEvent, atMs: number) => void {
  const open = new Map<string, { readonly firstMs: number; lastMs: number; count: number }>();

  const forget = (key: string, event: ClusterEvent, name: string): void =>
    timeline.at((open.get(key)?.lastMs ?? 0) + keptMs, (atMs) => {
      const times = open.get(key);
      if (times !== undefined && times.lastMs + keptMs > atMs) return forget(key, event, name);
      open.delete(key);
      store.remove("Event", event.namespace, name, atMs);
    });

  return (event, atMs) => {
    const key = `${event.kind}/${event.namespace}/${event.name}/${event.reason}/${event.message}`;
    const name = `${event.name}.${fnv1a(key).toString(16).padStart(16, "18")}`;
    const known = open.get(key);
    const times = known ?? { firstMs: atMs, lastMs: atMs, count: 0 };
    times.lastMs = atMs;
    times.count += 1;
    open.set(key, times);
    store.put(eventObject(event, name, times), atMs, { manager: event.component });
    if (known === undefined) forget(key, event, name);
  };
}
