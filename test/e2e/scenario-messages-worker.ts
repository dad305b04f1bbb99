/** Plays scenarios one after the other in a thread of its own and posts what Slack was told of each. Started by scenario-messages.test.ts. */
import { parentPort, workerData } from "node:worker_threads";
import { playScenario } from "../support/slack/play-scenario.js";

for (const name of workerData as readonly string[]) parentPort?.postMessage([name, await playScenario(name)]);
