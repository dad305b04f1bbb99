import { createJaegerSource } from "../../../src/sources/jaeger/jaeger-source.js";
import { describeTraceSource } from "../../contract/trace-source.contract.js";
import { recordedTraceSource } from "../../support/recorded-traces.js";

for (const fixture of ["jaeger-1.76", "jaeger-2.20", "jaeger-2.21"]) {
  describeTraceSource(`${fixture}, recorded,`, (traces) => recordedTraceSource(fixture, createJaegerSource, traces));
}
