/** Images of Bookinfo that are not as they should be: a scenario rolls one out, and its pods behave so. */
import type { ImageDefect } from "../../simulation/application.js";

const image = (workload: string, tag: string): string => `docker.io/istio/examples-bookinfo-${workload}:${tag}`;

/** Details that fetches cover pictures from Firestore too. Not a defect: it only reads more. */
export const coversImage = image("details-v1", "1.21.0");
/** Reviews v3 that is slower and fails one request in twelve. */
export const worseReviewsImage = image("reviews-v3", "1.21.0-rc.1");
/** Ratings that refuses half of all requests. */
export const flakyRatingsImage = image("ratings-v1", "1.20.4");
/** Ratings that grows until it is killed. */
export const leakingRatingsImage = image("ratings-v1", "1.21.0");

/** What is wrong with each image. */
export const bookinfoDefects: ReadonlyMap<string, ImageDefect> = new Map([
  [
    worseReviewsImage,
    {
      addedLatency: { medianMs: 90, sigma: 0.5 },
      failedShare: 1 / 12,
      failedStatus: 500,
      failedMessage: "java.lang.NullPointerException: rating.color is null",
    },
  ],
  [flakyRatingsImage, { failedShare: 0.5, failedStatus: 503, failedMessage: "ratings store refused the read" }],
  [leakingRatingsImage, { crashesAfterMs: 10_000 }],
]);
