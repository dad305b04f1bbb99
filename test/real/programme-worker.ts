/** Writes the programme's metrics in a thread of its own: jest's modules run the simulation nine times slower. Started by dashboards.test.ts. */
import { parentPort, workerData } from "node:worker_threads";
import type { ProxyKind } from "../../src/demo/create-demo.js";
import { writeProgrammeBackfill } from "../e2e/play-programme.js";

const { file, proxies } = workerData as { readonly file: string; readonly proxies: ProxyKind };
await writeProgrammeBackfill(file, proxies);
parentPort?.postMessage("written");
