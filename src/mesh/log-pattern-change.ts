/** What MeshReader.logPatterns tells of one pattern of log lines. */

/** A group of alike log lines in a window and in one before it. */
export interface LogPatternChange {
  readonly pattern: string;
  /** Of the newest lines, at most some thousand. */
  readonly count: number;
  /** Null when not known: that window had more patterns than were told. */
  readonly baselineCount: number | null;
  /** One of the lines as it is: redact it before it leaves. */
  readonly sample: string;
}
