import { createHttpClient } from "../../../src/http/create-http-client.js";
import { createJaegerSource } from "../../../src/sources/jaeger/jaeger-source.js";
import { systemClock as clock } from "../../../src/telemetry/clock.js";
import { describeSourceFaults } from "../../contract/source-faults.contract.js";

const config = { name: "jaeger-east", cluster: null, isShard: false };
const window = { fromMs: 1_700_000_000_000, toMs: 1_700_000_600_000 };
const conditions = { window, minDurationMs: null, maxDurationMs: null, errorsOnly: false, tags: {}, limit: 20 };

describeSourceFaults("jaeger", {
  make: (url, limits) =>
    createJaegerSource({ config, http: createHttpClient({ name: config.name, url, ...limits }, { clock }), clock }),
  ask: (source, options, nth) => source.search({ ...conditions, serviceName: `reviews-${nth}` }, options),
  healthy: { kind: "answer", body: '{"data":[],"total":0,"limit":0,"offset":0,"errors":null}' },
});
