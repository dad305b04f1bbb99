/** How patient a Kubernetes source is. One value for production, others for tests. */

/** Pages and pauses. */
export interface WatchTimings {
  /** Objects of one page of a list. */
  readonly pageObjects: number;
  /** When the server is asked to end a watch; each takes between this and a quarter less, so that they do not end together. */
  readonly watchSeconds: number;
  /** A watch that is silent for longer is opened anew: bookmarks come once a minute, a dead connection brings none. */
  readonly idleMs: number;
  /** After a failure; doubled with each further one up to the longest. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** How often a kind that is not installed, or that may not be read, is tried again. */
  readonly absentMs: number;
}

/** What holds outside of tests. */
export const watchTimings: WatchTimings = {
  pageObjects: 500,
  watchSeconds: 300,
  idleMs: 90_000,
  firstPauseMs: 500,
  longestPauseMs: 30_000,
  absentMs: 60_000,
};
