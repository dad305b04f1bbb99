/** Who was to blame for the firings of a backtest, for people and for programs. Pure; called by backtest-command.ts. */
import type { DiagnosedFiring } from "../alerting/backtest/diagnose-firings.js";
import { keptGraph } from "../alerting/diagnosing/suspects-of.js";
import { redact } from "../alerting/gathering/redact.js";
import { printable } from "./command-line.js";

const mostSuspects = 3;

/** A paragraph per firing. */
export function evidenceTable(firings: readonly DiagnosedFiring[]): string {
  if (firings.length === 0) return "Nothing fired: there is nobody to blame.";
  const lines = firings.flatMap(({ firing, diagnosis, failure }) => {
    const { atMs, severity, service, objective } = firing;
    const head = `${instant(atMs)}  ${severity.toLowerCase()}  ${service.namespace}/${service.name} ${objective.name}`;
    const suspects = diagnosis?.suspects.slice(0, mostSuspects).map(({ service: who, grade, score, reasons }, at) => {
      const why = reasons[0] === undefined ? "" : `: ${redact(reasons[0].sentence)}`;
      return `   ${at + 1}. ${who.namespace}/${who.name} ${grade.toLowerCase()}, ${figure(score)} of 100 requests${why}`;
    });
    const said = diagnosis === null ? `not known: ${failure ?? ""}` : redact(diagnosis.verdict.sentence);
    return [head, `   ${said}`, ...(suspects ?? [])];
  });
  return ["Who was to blame, at each firing:", ...lines].map(printable).join("\n");
}

/** The same for programs. */
export function evidenceJson(firings: readonly DiagnosedFiring[]) {
  return firings.map(({ firing, diagnosis, failure }) => ({
    at: instant(firing.atMs),
    slo: firing.objective.name,
    service: firing.service,
    severity: firing.severity,
    failure,
    diagnosis: diagnosis && {
      verdict: diagnosis.verdict.kind === "NO_SUSPECT" ? diagnosis.verdict.reason : diagnosis.verdict.kind,
      sentence: redact(diagnosis.verdict.sentence),
      suspects: diagnosis.suspects.map(({ service, part, grade, score, standardError, reasons }) => ({
        service,
        part: part && { ...part, name: redact(part.name) },
        grade,
        score,
        standardError,
        reasons: reasons.map(({ kind, sentence }) => ({ kind, sentence: redact(sentence) })),
      })),
      missing: diagnosis.missing,
      graph: keptGraph(diagnosis.graph),
    },
  }));
}

function instant(ms: number): string {
  return new Date(ms).toISOString().replace(".000Z", "Z");
}

function figure(value: number): string {
  return String(Number(value.toPrecision(value >= 100 ? 3 : 2)));
}
