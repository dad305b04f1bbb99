import { describe, expect, test } from "@jest/globals";
import { MeshlensError } from "../../src/errors.js";
import { askSources, mergeStatuses, pillarOf } from "../../src/mesh/pillar.js";
import { systemClock } from "../../src/telemetry/clock.js";
import type { CallOptions, Source } from "../../src/telemetry/source.js";

function source(name: string, cluster: string | null = null, isShard = false): Source {
  return {
    name,
    kind: "prometheus",
    cluster,
    isShard,
    probe: async () => ({ version: null, capabilities: [], found: null }),
    close: async () => {},
  };
}

function callOptions(limitMs = 20_000, signal = new AbortController().signal): CallOptions {
  return { signal, deadlineMs: Date.now() + limitMs };
}

const answers = async (s: Source) => ({ value: s.name, warnings: [] });
const refuses = (s: Source): Promise<never> =>
  Promise.reject(new MeshlensError("MESHLENS_ERR_SOURCE_UNREACHABLE", `${s.name} refused`, { source: s.name }));

describe("askSources", () => {
  test("sources of different clusters are all asked and joined in order", async () => {
    const asked = await askSources([source("a", "east"), source("b", "west")], callOptions(), systemClock, answers);
    expect(pillarOf(asked, (all) => all.map((one) => one.value)).value).toEqual(["a", "b"]);
  });

  test("of two replicas only the first is asked while it is healthy", async () => {
    const names: string[] = [];
    const asked = await askSources([source("a"), source("b")], callOptions(), systemClock, (s) => {
      names.push(s.name);
      return answers(s);
    });
    expect(names).toEqual(["a"]);
    expect(asked.statuses.map((status) => [status.state, status.latencyMs === null])).toEqual([
      ["OK", false],
      ["OK", true],
    ]);
  });

  test("a replica answers for a dead one, whose state is told without an error", async () => {
    const asked = await askSources([source("a"), source("b")], callOptions(), systemClock, (s) =>
      s.name === "a" ? refuses(s) : answers(s),
    );
    expect(asked.answers.map((one) => one.value)).toEqual(["b"]);
    expect(asked.statuses.map((status) => status.state)).toEqual(["UNAVAILABLE", "OK"]);
    expect(asked.errors).toEqual([]);
  });

  test("a silent replica leaves time for the next one", async () => {
    let nowMs = 0;
    const deadlines: number[] = [];
    const terms = { signal: new AbortController().signal, deadlineMs: 40 };
    const asked = await askSources(
      [source("a"), source("b")],
      terms,
      { nowMs: () => nowMs },
      (s, { signal, deadlineMs }) => {
        deadlines.push(deadlineMs);
        if (s.name === "b") return answers(s);
        signal.addEventListener("abort", () => {
          nowMs = deadlineMs;
        });
        return new Promise<never>(() => {});
      },
    );
    expect(deadlines).toEqual([20, 40]);
    expect(asked.answers.map((one) => one.value)).toEqual(["b"]);
    expect(asked.statuses[0]?.state).toBe("TIMEOUT");
  });

  test("shards of one cluster are all asked", async () => {
    const shards = [source("a", null, true), source("b", null, true)];
    expect((await askSources(shards, callOptions(), systemClock, answers)).answers).toHaveLength(2);
  });

  test("with every source dead the value is null and each gives one error", async () => {
    const asked = await askSources([source("a", "east"), source("b", "west")], callOptions(), systemClock, refuses);
    const pillar = pillarOf(asked, (all) => all.length);
    expect(pillar.value).toBeNull();
    expect(pillar.errors.map((error) => error.details.source)).toEqual(["a", "b"]);
  });

  test("an adapter that ignores its deadline is given up and its signal aborted", async () => {
    let signal: AbortSignal | undefined;
    const asked = await askSources([source("a")], callOptions(20), systemClock, (_, options) => {
      signal = options.signal;
      return new Promise<never>(() => {});
    });
    expect(asked.statuses[0]?.state).toBe("TIMEOUT");
    expect(asked.errors[0]?.code).toBe("MESHLENS_ERR_SOURCE_TIMEOUT");
    expect(signal?.aborted).toBe(true);
  });

  test.each(["while it is asked", "before"])("a client that has gone %s ends the call and its signal", async (when) => {
    const client = new AbortController();
    if (when === "before") client.abort();
    let signal: AbortSignal | undefined;
    const asking = askSources([source("a")], callOptions(5_000, client.signal), systemClock, (_, options) => {
      signal = options.signal;
      expect(signal.aborted).toBe(when === "before");
      return new Promise<never>(() => {});
    });
    client.abort();
    expect(signal?.aborted).toBe(true);
    expect((await asking).errors[0]?.code).toBe("MESHLENS_ERR_SOURCE_ABORTED");
  });

  test("warnings beside an answer make the source DEGRADED and keep the answer", async () => {
    const asked = await askSources([source("a")], callOptions(), systemClock, async () => ({
      value: 1,
      warnings: ["partial response"],
    }));
    expect(asked.answers[0]?.value).toBe(1);
    expect(asked.statuses[0]).toMatchObject({ state: "DEGRADED", message: "partial response" });
  });

  test("a fault of our own is an error of that source, not a crash", async () => {
    const asked = await askSources([source("a")], callOptions(), systemClock, () => {
      throw new TypeError("x");
    });
    expect(asked.errors[0]?.code).toBe("MESHLENS_ERR_INTERNAL");
  });
});

test("statuses of several calls merge to the worst state and the slowest call", () => {
  const base = { name: "a", kind: "prometheus", message: null } as const;
  const merged = mergeStatuses(
    [{ ...base, state: "OK", latencyMs: 7 }],
    [{ ...base, state: "TIMEOUT", latencyMs: 3, message: "slow" }],
  );
  expect(merged).toEqual([{ ...base, state: "TIMEOUT", latencyMs: 7, message: "slow" }]);
});
