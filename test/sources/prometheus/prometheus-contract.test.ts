import { describeMetricSource } from "../../contract/metric-source.contract.js";
import { recordedMetricSource } from "../../support/recorded-metrics.js";

describeMetricSource("Prometheus 2.42, recorded,", () => recordedMetricSource("prometheus-2.42"));
describeMetricSource("Prometheus 3.15, recorded,", () => recordedMetricSource("prometheus-3.15"));
