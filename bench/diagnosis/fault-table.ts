/** What is told of labelled faults that were diagnosed, as rows of Markdown, and where it goes in a page. Used by evaluate.ts and real.ts. */
import type { Diagnosis, Suspect } from "../../src/diagnosis/diagnosis.js";
import type { LabelledFault } from "./corpus.js";

/** One fault, diagnosed. */
export interface DiagnosedFault {
  readonly slice: string;
  readonly fault: LabelledFault;
  /** Of the true service among the suspects, from 1; 0 when it is not one. */
  readonly rank: number;
  readonly diagnosis: Diagnosis;
}

/** Cells: faults, the true service first, among three, and how many that were called likely are right. */
export function scoreCells(of: readonly DiagnosedFault[]): string {
  const first = of.filter(({ rank }) => rank === 1);
  const three = of.filter(({ rank }) => rank >= 1 && rank <= 3);
  const likely = of.filter(({ diagnosis }) => diagnosis.suspects[0]?.grade === "LIKELY");
  const right = likely.filter(({ rank }) => rank === 1);
  return `${of.length} | ${first.length} | ${three.length} | ${right.length} of ${likely.length}`;
}

/** A row: when, what, how it was asked, rank, grade with score, first reason. */
export function faultRow({ slice, fault, rank, diagnosis }: DiagnosedFault, asked: string): string {
  const suspect = diagnosis.suspects[rank - 1];
  const grade =
    suspect === undefined
      ? diagnosis.verdict.kind
      : `${suspect.grade.toLowerCase()}, ${suspect.score.toFixed(1)} ± ${suspect.standardError.toFixed(1)}`;
  const reason = (suspect?.reasons[0]?.sentence ?? diagnosis.verdict.sentence).replaceAll("|", "/");
  const at = new Date(fault.atMs).toISOString().slice(11, 16);
  return `| ${slice} ${at} | ${fault.type} in ${fault.service} | ${asked} | ${rank === 0 ? "–" : rank} | ${grade} | ${reason} |`;
}

/** A suspect with the piece that speaks most against it, for a terminal. */
export function suspectWords({ service, grade, score, standardError, pieces: [piece] }: Suspect): string {
  const what =
    piece === undefined
      ? ""
      : `${piece.kind} ${piece.name} ${piece.incident.toFixed(0)} for ${piece.expected.toFixed(1)}`;
  return `${service.name} ${grade} ${score.toFixed(1)} ± ${standardError.toFixed(1)} (${what})`;
}

/**
 * A page with what `writer` wrote replaced, from its own mark to the next end.
 * @throws Error naming the mark that is missing
 */
export function withWritten(page: string, writer: string, text: string): string {
  const mark = `<!-- written by ${writer} -->`;
  const from = page.indexOf(mark);
  const to = page.indexOf("<!-- end -->", from);
  if (from < 0 || to < 0) throw new Error(`the page has no ${mark} … <!-- end -->`);
  return `${page.slice(0, from + mark.length)}\n${text.trimEnd()}\n${page.slice(to)}`;
}
