import { createHttpClient } from "../../src/http/create-http-client.js";
import { createJaegerSource } from "../../src/sources/jaeger/jaeger-source.js";
import { createZipkinSource } from "../../src/sources/zipkin/zipkin-source.js";
import { systemClock as clock } from "../../src/telemetry/clock.js";
import { describeTraceSource } from "../contract/trace-source.contract.js";
import { jaegerReceiver } from "./backends/jaeger.js";
import { feedTraces } from "./backends/load-spans.js";
import { zipkinReceiver } from "./backends/zipkin.js";
import { readTestState } from "./state-file.js";

const { jaeger, zipkin } = readTestState();

describeTraceSource(`Jaeger ${jaeger.version}`, async (traces) => {
  await feedTraces(jaegerReceiver(jaeger), traces);
  const config = { name: "jaeger", cluster: null, isShard: false };
  return createJaegerSource({ config, clock, http: createHttpClient({ name: "jaeger", url: jaeger.url }, { clock }) });
});

describeTraceSource(`Zipkin ${zipkin.version}`, async (traces) => {
  await feedTraces(zipkinReceiver(zipkin), traces);
  const config = { name: "zipkin", cluster: null, isShard: false };
  return createZipkinSource({ config, clock, http: createHttpClient({ name: "zipkin", url: zipkin.url }, { clock }) });
});
