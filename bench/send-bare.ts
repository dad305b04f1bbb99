/** Sends one recorded request bare: keep-alive, whole body, JSON.parse; the least any client must do. */
import http from "node:http";
import { gunzipSync } from "node:zlib";
import type { RecordedRequest } from "../test/support/recording-proxy.js";

export function sendBare(request: RecordedRequest, agent: http.Agent): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const { host: _host, connection: _connection, ...headers } = request.headers;
    const options = { method: request.method, headers, agent };
    const sent = http.request(request.url, options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => {
        const body = Buffer.concat(chunks);
        const encoding = answer.headers["content-encoding"];
        resolve(JSON.parse((encoding === "gzip" ? gunzipSync(body) : body).toString()));
      });
    });
    sent.on("error", reject);
    sent.end(request.body);
  });
}
