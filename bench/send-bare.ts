/** Sends again, bare, what Meshlens sent through a recording proxy: the yardstick of the service page's speed. */
import http from "node:http";
import type { RecordedRequest } from "../test/support/recording-proxy.js";

/** Sends one recorded request bare: keep-alive, whole body, JSON.parse; the least any client must do. */
export function sendBare(request: RecordedRequest, agent: http.Agent): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const sent = http.request(request.url, { method: request.method, headers: request.headers, agent }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
    });
    sent.on("error", reject);
    sent.end(request.body);
  });
}
