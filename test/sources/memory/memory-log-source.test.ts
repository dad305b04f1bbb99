import { describe, expect, it } from "@jest/globals";
import { logRecordOf } from "../../../src/sources/elasticsearch/document-decode.js";
import { fieldCandidates } from "../../../src/sources/elasticsearch/field-candidates.js";
import { createMemoryLogSource, type MemoryLogSourceConfig } from "../../../src/sources/memory/memory-log-source.js";
import { systemClock } from "../../../src/telemetry/clock.js";
import type { LogAnswer } from "../../../src/telemetry/log-source.js";
import { describeLogSource } from "../../contract/log-source.contract.js";
import { indexOf } from "../../support/log-scenes.js";

const config: MemoryLogSourceConfig = {
  name: "logs",
  cluster: null,
  isShard: false,
  maxAgeMs: null,
  maxRecords: 10_000,
};

describeLogSource("memory", async (scene) => {
  const source = createMemoryLogSource({ config, clock: systemClock });
  source.append(
    scene.documents.map((document) =>
      logRecordOf(
        { index: indexOf(scene, document), id: document.id, sortMs: 0, source: document.source },
        fieldCandidates(),
      ),
    ),
  );
  return source;
});

describe("memory logs", () => {
  const messages = async (source: ReturnType<typeof createMemoryLogSource>) => {
    const filter = {
      window: { fromMs: 0, toMs: 1_000_000 },
      scope: null,
      levels: null,
      text: null,
      traceIds: null,
      requestIds: null,
      spanIds: null,
      pods: null,
      lines: "any" as const,
    };
    const [answer] = await source.ask(
      [{ kind: "search", filter, order: "oldest", limit: 100, after: null, withTotal: false }],
      { signal: new AbortController().signal, deadlineMs: Number.POSITIVE_INFINITY },
    );
    return (answer as Extract<LogAnswer, { kind: "search" }>).records.map((record) => record.message);
  };

  it("are bounded by number, the oldest make room, whatever order they came in", async () => {
    const source = createMemoryLogSource({ config: { ...config, maxRecords: 2 }, clock: systemClock });
    source.append([{ atMs: 3, message: "c" }]);
    source.append([
      { atMs: 1, message: "a" },
      { atMs: 2, message: "b" },
    ]);
    expect(await messages(source)).toEqual(["b", "c"]);
  });

  it("are bounded by age", async () => {
    let nowMs = 1_000;
    const source = createMemoryLogSource({ config: { ...config, maxAgeMs: 500 }, clock: { nowMs: () => nowMs } });
    source.append([{ atMs: 900, message: "old" }]);
    nowMs = 1_500;
    source.append([{ atMs: 1_400, message: "new" }]);
    expect(await messages(source)).toEqual(["new"]);
  });
});
