/** A memory log source for tests of the mesh, which remembers its calls and can be made to fail. */
import { createMemoryLogSource } from "../../src/sources/memory/memory-log-source.js";
import { systemClock } from "../../src/telemetry/clock.js";
import type { LogRecord, LogRequest, LogSource } from "../../src/telemetry/log-source.js";

/** A log source that tells what it was asked; `failure`, where set, is thrown by every call. */
export interface ListedLogSource extends LogSource {
  readonly calls: (readonly LogRequest[])[];
  failure: Error | null;
}

/** Makes one; records may be in any order. */
export function listedLogSource(
  records: readonly LogRecord[],
  given: { readonly name?: string; readonly cluster?: string | null } = {},
): ListedLogSource {
  const config = { name: given.name ?? "logs", cluster: given.cluster ?? null, isShard: false, maxAgeMs: null };
  const memory = createMemoryLogSource({ config: { ...config, maxRecords: 100_000 }, clock: systemClock });
  memory.append(records);
  const source: ListedLogSource = {
    ...memory,
    calls: [],
    failure: null,
    async ask(requests, options) {
      source.calls.push(requests);
      if (source.failure !== null) throw source.failure;
      return memory.ask(requests, options);
    },
  };
  return source;
}
