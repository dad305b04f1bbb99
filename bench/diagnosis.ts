/** What a diagnosis costs by itself: 180 traces of 70 spans in the incident, as many before it, with their lines. No backend takes part. */
import { diagnose } from "../src/diagnosis/diagnose.js";
import type { TraceLine, WindowEvidence } from "../src/diagnosis/incident-evidence.js";
import { type MadeCall, madeEvidence, madeWindow, refOf } from "../test/support/made-traces.js";
import type { BenchContext, BenchResult } from "./bench-result.js";
import { quantile } from "./statistics.js";

const traceCount = 180;
const callCount = 35;
const linesPerTrace = 38;
const rounds = 9;

/** A request of 35 calls in three layers: 70 spans with the caller's. */
function requestOf(number: number, isSick: boolean): MadeCall {
  const leaf = (at: number): MadeCall => ({
    service: `service-${at % 24}`,
    operation: `GET /${at % 7}`,
    selfMs: 2 + ((number + at) % 5),
    wayMs: isSick && at % 24 === 8 ? 300 : 1,
    isError: at % 24 === 9 && number % 3 === 0,
    pod: `service-${at % 24}-6f6cfc45b-h5m2${2 + (number % 2)}`,
  });
  const middle = (at: number): MadeCall => ({
    ...leaf(at),
    calls: Array.from({ length: 6 }, (_, i) => leaf(7 * at + i)),
  });
  return {
    service: "gateway",
    operation: `/${number % 6}`,
    calls: Array.from({ length: callCount / 7 }, (_, i) => middle(i)),
  };
}

function windowOf(isSick: boolean, fromMs: number): WindowEvidence {
  const window = madeWindow(traceCount, (number) => requestOf(number, isSick), fromMs);
  const traceLines = (window.traces ?? []).slice(0, 40).flatMap(({ traceId }) =>
    Array.from(
      { length: linesPerTrace },
      (_, i): TraceLine => ({
        service: refOf(`service-${i % 24}`),
        pod: null,
        level: "INFO",
        message: `10:00:00.${100 + i} INFO [main] s.Service${i % 9} TraceID: ${traceId} got [id: ${i * 7919}, state: open, rows: ${i}]`,
        traceId,
      }),
    ),
  );
  return { ...window, traceLines };
}

/** Own time and memory of one diagnosis. */
export async function benchDiagnosis({ say }: BenchContext): Promise<readonly BenchResult[]> {
  const evidence = madeEvidence(windowOf(true, 600_000), [windowOf(false, 0)]);
  const spanCount = evidence.incident.traces?.[0]?.spans.length ?? 0;
  const times: number[] = [];
  let grownMb = 0;
  for (let round = 0; round < rounds; round += 1) {
    globalThis.gc?.();
    const before = process.memoryUsage();
    const cpu = process.cpuUsage();
    const { suspects } = diagnose(evidence);
    const used = process.cpuUsage(cpu);
    const after = process.memoryUsage();
    if (suspects[0]?.service.name !== "service-8") throw new Error("the bench's own fault was not found");
    times.push((used.user + used.system) / 1000);
    grownMb = Math.max(grownMb, (after.heapUsed - before.heapUsed) / 1e6);
  }
  const [cold = 0] = times;
  const warm = quantile(times.slice(1), 0.5);
  say(
    `${traceCount} + ${traceCount} traces of ${spanCount} spans: first ${cold.toFixed(0)} ms, then ${warm.toFixed(0)} ms, heap grows by at most ${grownMb.toFixed(0)} MB`,
  );
  return [
    {
      what: `diagnosis of ${traceCount} traces of ${spanCount} spans against as many before, CPU of its own (first / median of ${rounds - 1})`,
      measured: `${cold.toFixed(0)} / ${warm.toFixed(0)} ms, heap +${grownMb.toFixed(0)} MB at most`,
      goal: "≤ 300 ms, ≤ 100 MB",
      isMet: warm <= 300 && grownMb <= 100,
    },
  ];
}
