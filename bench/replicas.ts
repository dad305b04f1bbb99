/**
 * What a second copy adds: service pages a second of one copy and of two on one PostgreSQL, each with the same fixed share of a core, as
 * containers with a CPU limit have it. Clients, stand-ins of backends and the database have the rest of the machine.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BenchContext, BenchResult } from "./bench-result.js";
import { type CpuShare, limitCpu } from "./cpu-share.js";
import { type MeshlensProcess, startMeshlens } from "./meshlens-process.js";
import { pageVariables, startPageSources } from "./page-question.js";
import { rememberedSources } from "./remembered-sources.js";
import { quantile } from "./statistics.js";

const coresEach = 0.4;
const clients = 8;
const rounds = 5;
const turnMs = 8_000;
const warmPages = 150;

interface Turn {
  readonly pagesPerSecond: number;
  /** Of each page. */
  readonly tookMs: readonly number[];
  readonly cpuMsPerPage: number;
}

/** The bench over an empty database. */
export async function benchReplicas(storeUrl: string, context: BenchContext): Promise<readonly BenchResult[]> {
  const { folder, say, start } = context;
  await writeFile(
    join(folder, "page-slo.yaml"),
    "apiVersion: meshlens/v1\nnamespace: bookinfo\nobjectives: [{ service: reviews, availability: 99% }]\n",
  );
  const remembered = await rememberedSources(await startPageSources(start));
  const yaml = `store: { url: "${storeUrl}" }\nslo: { files: [page-slo.yaml] }`;
  const one = await startMeshlens(folder, remembered.sources, { yaml });
  const other = await startMeshlens(folder, remembered.sources, { yaml });
  let asked = 0;
  /** So many clients, each asking again as soon as it is answered, the copies in turns. */
  async function load(copies: readonly MeshlensProcess[], isOver: (pages: number) => boolean): Promise<Turn> {
    const tookMs: number[] = [];
    const [startedMs, cpuBefore] = [performance.now(), cpuOf(copies)];
    let next = 0;
    const client = async () => {
      while (!isOver(tookMs.length)) {
        const copy = copies[next % copies.length];
        next += 1;
        asked += 1;
        const askedMs = performance.now();
        await copy?.query("service-page", pageVariables(asked % 4_000));
        tookMs.push(performance.now() - askedMs);
      }
    };
    await Promise.all(Array.from({ length: clients }, client));
    const seconds = (performance.now() - startedMs) / 1_000;
    return {
      pagesPerSecond: tookMs.length / seconds,
      tookMs,
      cpuMsPerPage: ((cpuOf(copies) - cpuBefore) * 1_000) / tookMs.length,
    };
  }
  const turn = (copies: readonly MeshlensProcess[]) => {
    const endMs = performance.now() + turnMs;
    return load(copies, () => performance.now() >= endMs);
  };

  const turns: Readonly<Record<"first" | "second" | "both", Turn[]>> = { first: [], second: [], both: [] };
  const shares: CpuShare[] = [];
  try {
    for (const copy of [one, other]) await load([copy], (pages) => pages >= warmPages);
    shares.push(...[one, other].map(({ pid }) => limitCpu(pid, coresEach)));
    for (let round = 0; round < rounds; round += 1) {
      const passedOn = remembered.passedOn();
      turns.first.push(await turn([one]));
      turns.both.push(await turn([one, other]));
      turns.second.push(await turn([other]));
      turns.both.push(await turn([other, one]));
      const last = Object.entries(turns).map(([name, of]) => `${name} ${of.at(-1)?.pagesPerSecond.toFixed(2)}`);
      say(`pages a second: ${last.join(", ")}; ${remembered.passedOn() - passedOn} questions passed on to backends`);
    }
  } finally {
    await Promise.all([one.stop(), other.stop()]);
    for (const share of shares) share.end();
    await remembered.close();
  }

  const rate = (of: readonly Turn[]) =>
    quantile(
      of.map(({ pagesPerSecond }) => pagesPerSecond),
      0.5,
    );
  const p50 = (of: readonly Turn[]) =>
    quantile(
      of.flatMap(({ tookMs }) => tookMs),
      0.5,
    );
  const cpu = (of: readonly Turn[]) =>
    quantile(
      of.map(({ cpuMsPerPage }) => cpuMsPerPage),
      0.5,
    );
  const single = rate(turns.first) > rate(turns.second) ? turns.first : turns.second;
  const ratio = rate(turns.both) / rate(single);
  const [both, alone] = [`${rate(turns.both).toFixed(1)} a second`, `${rate(single).toFixed(1)}`];
  return [
    {
      what: `service pages of two copies on one PostgreSQL ÷ those of the better one alone, ${coresEach} of a core each (cgroup quota), ${clients} clients, medians of ${turns.both.length} and ${rounds} turns`,
      measured: `${ratio.toFixed(2)} (${both} ÷ ${alone}; p50 ${p50(turns.both).toFixed(0)} and ${p50(single).toFixed(0)} ms; CPU of a page ${cpu(turns.both).toFixed(0)} and ${cpu(single).toFixed(0)} ms)`,
      goal: "≥ 1.8",
      isMet: ratio >= 1.8,
    },
  ];
}

function cpuOf(copies: readonly MeshlensProcess[]): number {
  return copies.reduce((sum, copy) => sum + copy.cpuSeconds(), 0);
}
