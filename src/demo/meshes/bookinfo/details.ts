/** Bookinfo's details: looks the book up at Firestore, over a connection of its own for each request. */
import type { Application } from "../../simulation/application.js";
import { errorLine, finish, ownTimeMs } from "../../simulation/application-work.js";

/** Firestore as details dials it. */
export const firestore = { host: "firestore.googleapis.com", port: 443 } as const;

/** How much details asks of Firestore: a record, or a record with its cover picture. */
export interface DetailsReads {
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

/** The application of details; what it reads depends on the image. */
export function createDetails(reads: (image: string) => DetailsReads): Application {
  return (served, network) => {
    const { sentBytes, receivedBytes } = reads(served.pod.workload.image);
    const dialledMs = served.startMs + ownTimeMs(served, network, { medianMs: 0.4, sigma: 0.3 });
    const read = network.tcp(served, { ...firestore, sentBytes, receivedBytes }, dialledMs);
    const nowMs = read.endMs + 0.3;
    if (read.flags.length === 0) return finish(served, nowMs, 200, 178, [read], []);
    const why = network.random.next() < 0.77 ? "read ECONNRESET" : "connection closed before any answer";
    return finish(served, nowMs, 500, 62, [read], [errorLine(nowMs, `Firestore read failed: ${why}`, null)]);
  };
}
