import { createZipkinSource } from "../../../src/sources/zipkin/zipkin-source.js";
import { describeTraceSource } from "../../contract/trace-source.contract.js";
import { recordedTraceSource } from "../../support/recorded-traces.js";

describeTraceSource("Zipkin 3.5, recorded,", (traces) => recordedTraceSource("zipkin-3.5", createZipkinSource, traces));
