/** What Alertmanager says: alerts that rules raised elsewhere, its silences, and the port to ask it. The words of `alerting/ruler` and of the adapter. */
import type { CallOptions } from "./source.js";

/** Text by name, as Prometheus has it. */
export type RulerLabels = Readonly<Record<string, string>>;

/** One alert as it was told. */
export interface RulerAlert {
  readonly labels: RulerLabels;
  readonly annotations: RulerLabels;
  /** Epoch ms, by the clock of whoever evaluates the rule. */
  readonly startsAtMs: number;
  /** When it was over, epoch ms; null while it fires. */
  readonly endsAtMs: number | null;
  /** The rule's expression in Prometheus; null where none was told, or no http(s) URL. */
  readonly generatorUrl: string | null;
}

/** One alert as Alertmanager holds it now; what is over is not held for long. */
export interface HeldAlert extends RulerAlert {
  /** Ids of the silences that keep it quiet; [] where it is told. */
  readonly silencedBy: readonly string[];
}

/** A condition on a label. */
export interface RulerMatcher {
  readonly name: string;
  readonly value: string;
}

/** A silence to be made. */
export interface NewRulerSilence {
  /** All of them hold, each for equality. */
  readonly matchers: readonly RulerMatcher[];
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly createdBy: string;
  readonly comment: string;
}

/** A silence of Alertmanager. */
export interface RulerSilence {
  readonly id: string;
  readonly createdBy: string;
  readonly endsAtMs: number;
  readonly isActive: boolean;
}

/** Alertmanager's own API. All methods reject with MESHLENS_ERR_SOURCE_*. */
export interface RulerSource {
  /** The alerts it holds that have all of these labels and go to this receiver; null: to any. */
  alerts(
    question: { readonly labels: RulerLabels; readonly receiver: string | null },
    options: CallOptions,
  ): Promise<readonly HeldAlert[]>;
  silences(options: CallOptions): Promise<readonly RulerSilence[]>;
  /** Makes one and says its id. */
  silence(silence: NewRulerSilence, options: CallOptions): Promise<string>;
  /** Ends one; one that is not there, or over, is as good. */
  expire(silenceId: string, options: CallOptions): Promise<void>;
  close(): Promise<void>;
}
