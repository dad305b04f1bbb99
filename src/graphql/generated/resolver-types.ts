// Written by scripts/generate-types.mjs from schema/*.graphql; do not edit.
import type { DecodedCursor } from '../cursors.js';
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { ServiceParent, ServiceConnectionParent, ServiceEdgeParent, WindowParent, GoldenParent, MeasureParent, LatencyMeasureParent, SeriesParent, SourceParent, SourceStatusParent, DependenciesParent, ServiceGraphParent, GraphNodeParent, EdgeParent, TraceConnectionParent, TraceEdgeParent, TraceParent, TraceRootParent, SpanParent, SpanEventParent, JoinedLogsParent, LogConnectionParent, LogEdgeParent, LogRecordParent, LogVolumeParent, HealthParent, WorkloadParent, PodParent, ChangesParent, ChangeParent, SloParent, AlertParent, EvidenceParent, GrafanaParent, EvidenceTraceParent, EvidenceBurnParent, SuspectParent, EvidenceHealthParent, DiagnosisParent, DiagnosedSuspectParent, SuspectReasonParent, ClearedServiceParent, DiagnosedWindowParent, IncidentGraphParent, IncidentNodeParent, IncidentCallParent, IncidentRestParent, DeliveryParent } from '../parents.js';
import type { GraphqlContext } from '../context.js';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** An instant as Grafana writes it: epoch ms or RFC 3339, as text; empty text is none. */
  GrafanaTime: { input: number; output: number; }
  /**
   * The value of a dashboard variable, percent-encoded (`${service:percentencode}`), so that no value can break the query. Empty text, `All`,
   * `.*`, `.+` and `$__all` are no choice.
   */
  GrafanaChoice: { input: string; output: string; }
  /** A length of time as Prometheus writes it: `30s`, `5m`, `1h30m`, `2d`, `1w`, `500ms`; units largest first, each once, whole numbers. */
  Duration: { input: number; output: number; }
  /** An instant by RFC 3339 with an offset, such as `2026-01-29T08:41:00+01:00`. Answers are in UTC with milliseconds: `2026-01-29T07:41:00.000Z`. */
  DateTime: { input: number; output: number; }
  /** A place in a list, made by an earlier answer. Opaque, and good only for the field it came from. */
  Cursor: { input: DecodedCursor; output: string; }
  /** A trace's id: 1 to 32 hex digits, dashes and upper case allowed. Answers have 32 lower-case digits. */
  TraceId: { input: string; output: string; }
};

/** Which incidents; the conditions given hold together. */
export type AlertFilter = {
  /** In one of these states. */
  readonly states?: InputMaybe<ReadonlyArray<AlertState>>;
  /** Of one of these severities. */
  readonly severities?: InputMaybe<ReadonlyArray<Severity>>;
  /** Of services in one of these namespaces; at most 100. */
  readonly namespaces?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** Of this service. */
  readonly service?: InputMaybe<ServiceRefInput>;
};

/** A page of incidents. */
export type AlertConnection = {
  /** The incidents of the page; null while no objectives are configured. */
  readonly nodes?: Maybe<ReadonlyArray<Alert>>;
  /** The same incidents with their cursors. */
  readonly edges?: Maybe<ReadonlyArray<AlertEdge>>;
  /** Whether and where it goes on. */
  readonly pageInfo: PageInfo;
};

/** An incident in a list. */
export type AlertEdge = {
  /** Its place. */
  readonly cursor: Scalars['Cursor']['output'];
  /** The incident. */
  readonly node: Alert;
};

/** An incident: one objective burning its budget, from the first sign to the end, or an alert of Alertmanager while it fires. */
export type Alert = Node & {
  /** Opaque; goes into `node(id:)`. */
  readonly id: Scalars['ID']['output'];
  /** Where it stands. */
  readonly state: AlertState;
  /** How the data of its objective is; missing data does not end an incident. */
  readonly dataState: DataState;
  /** How urgent. */
  readonly severity: Severity;
  /** What happened, in one sentence. */
  readonly summary: Scalars['String']['output'];
  /** The service; null when no source knows it or the caller may not see it. */
  readonly service?: Maybe<Service>;
  /** The objective; null when it was removed since, and for an alert of Alertmanager about no objective. */
  readonly slo?: Maybe<Slo>;
  /** When it began to burn. */
  readonly startedAt: Scalars['DateTime']['output'];
  /** When it stopped burning; null while it burns. */
  readonly recoveredAt?: Maybe<Scalars['DateTime']['output']>;
  /** When it was closed; null while it is open. */
  readonly resolvedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Who looks after it; null for nobody. */
  readonly acknowledgedBy?: Maybe<Scalars['String']['output']>;
  /** Until when its messages are held back; null when they are not. */
  readonly silencedUntil?: Maybe<Scalars['DateTime']['output']>;
  /** Its changes of state, oldest first. */
  readonly transitions: ReadonlyArray<AlertTransition>;
  /** What was known when it fired; null before that. */
  readonly evidence?: Maybe<Evidence>;
  /** Its messages, oldest first. */
  readonly deliveries: ReadonlyArray<Delivery>;
};

/** Where an incident stands. */
export type AlertState =
  /** A condition is met, not yet for long enough. */
  | 'PENDING'
  /** It burns. */
  | 'FIRING'
  /** It stopped burning, not yet for long enough. */
  | 'RECOVERING'
  /** It is over. */
  | 'RESOLVED';

/** A change of an incident's state. */
export type AlertTransition = {
  /** When. */
  readonly at: Scalars['DateTime']['output'];
  /** State before; null for the first. */
  readonly from?: Maybe<AlertState>;
  /** State after. */
  readonly to: AlertState;
  /** Severity after. */
  readonly severity: Severity;
  /** Why, in words. */
  readonly reason: Scalars['String']['output'];
};

/** What was known when an incident fired; kept as it was. */
export type Evidence = {
  /** When it was gathered. */
  readonly takenAt: Scalars['DateTime']['output'];
  /** False while only what it fired on is known; the rest is being gathered. */
  readonly isGathered: Scalars['Boolean']['output'];
  /** The conditions with their values. */
  readonly burnConditions: ReadonlyArray<BurnCondition>;
  /** Good calls in the longest window met. */
  readonly goodCount?: Maybe<Scalars['Float']['output']>;
  /** Counted calls in the longest window met. */
  readonly totalCount?: Maybe<Scalars['Float']['output']>;
  /** What was left of the error budget then, below 0 when overspent; null when not known. */
  readonly budgetRemaining?: Maybe<Scalars['Float']['output']>;
  /** Burn and failed share of the calls up to then; null when not known. */
  readonly chart?: Maybe<EvidenceChart>;
  /** What the suspects come to, or why nobody is suspected; null when not known or the caller may not see all namespaces. */
  readonly verdict?: Maybe<Scalars['String']['output']>;
  /** Services that may be the cause, likeliest first; empty when nobody is suspected, null when not known. */
  readonly suspects?: Maybe<ReadonlyArray<Suspect>>;
  /** The part of the mesh that matters, with the suspects in it; null when not known. */
  readonly graph?: Maybe<IncidentGraph>;
  /** Traces that show it; null when not known. */
  readonly traces?: Maybe<ReadonlyArray<EvidenceTrace>>;
  /** Groups of alike log lines that grew; null when not known. */
  readonly logPatterns?: Maybe<ReadonlyArray<LogPattern>>;
  /** What was changed shortly before: first what somebody changed, then events and restarts, of each the newest first; null when not known. */
  readonly changes?: Maybe<ReadonlyArray<Change>>;
  /** Services whose workloads were not well in Kubernetes: itself, what it calls and where its traces end; empty when all is well, null when not known. */
  readonly health?: Maybe<ReadonlyArray<EvidenceHealth>>;
  /** The same time in other tools. */
  readonly links: ReadonlyArray<Link>;
  /** What could not be gathered, and why. */
  readonly missing: ReadonlyArray<MissingEvidence>;
};

/** Series of the time before an incident fired; every list has the length of `timestamps`, a gap is null. */
export type EvidenceChart = {
  /** Epoch ms, rising. */
  readonly timestamps: ReadonlyArray<Scalars['Float']['output']>;
  /** Failed share of the calls, 0..1. */
  readonly errorRatio: ReadonlyArray<Maybe<Scalars['Float']['output']>>;
  /** Burn rates by window. */
  readonly burn: ReadonlyArray<EvidenceBurn>;
  /** Burn rates that meet a tier. */
  readonly thresholds: ReadonlyArray<EvidenceThreshold>;
};

/** Burn rates over one window. */
export type EvidenceBurn = {
  /** The window. */
  readonly window: Scalars['Duration']['output'];
  /** At the chart's timestamps. */
  readonly values: ReadonlyArray<Maybe<Scalars['Float']['output']>>;
};

/** A limit of the chart. */
export type EvidenceThreshold = {
  /** The tier's name, such as `1h/5m`. */
  readonly tier: Scalars['String']['output'];
  /** Burn rate from which it is met. */
  readonly value: Scalars['Float']['output'];
};

/** A service that may be the cause. */
export type Suspect = {
  /** The service; null when the caller may not see it. */
  readonly service?: Maybe<Service>;
  /** Share of the failed calls it explains, 0..1. */
  readonly score: Scalars['Float']['output'];
  /** How sure, for people. */
  readonly grade: SuspectGrade;
  /** Why, in words; empty for callers who may not see all namespaces: a sentence may name any service. */
  readonly reasons: ReadonlyArray<Scalars['String']['output']>;
};

/** How sure a suspicion is. */
export type SuspectGrade =
  /** More than one kind of evidence points to it. */
  | 'STRONG'
  /** One kind of evidence points to it. */
  | 'LIKELY'
  /** It cannot be ruled out. */
  | 'POSSIBLE';

/** A service whose workloads were not well. */
export type EvidenceHealth = {
  /** The service; null when the caller may not see it. */
  readonly service?: Maybe<Service>;
  /** How bad. */
  readonly state: HealthState;
  /** Why, in words, the gravest first; empty when the caller may not see it. */
  readonly reasons: ReadonlyArray<Scalars['String']['output']>;
};

/** A trace kept as evidence. */
export type EvidenceTrace = {
  /** Its id. */
  readonly traceId: Scalars['TraceId']['output'];
  /** When it began. */
  readonly startedAt: Scalars['DateTime']['output'];
  /** The way of the fault in one line; null for callers who may not see every namespace, because it names services of others. */
  readonly summary?: Maybe<Scalars['String']['output']>;
  /** How long it took, in ms. */
  readonly durationMs: Scalars['Float']['output'];
  /** Number of its spans in error. */
  readonly errorCount: Scalars['Float']['output'];
  /** The trace in other tools. */
  readonly links: ReadonlyArray<Link>;
};

/** A group of alike log lines. */
export type LogPattern = {
  /** The line with its variable pieces masked. */
  readonly pattern: Scalars['String']['output'];
  /** Lines in the window of the incident. */
  readonly count: Scalars['Float']['output'];
  /** Lines in a window of equal length before; null when not known. */
  readonly baselineCount?: Maybe<Scalars['Float']['output']>;
  /** One of the lines. */
  readonly sample: Scalars['String']['output'];
};

/** A source whose evidence is missing. */
export type MissingEvidence = {
  /** What is missing because of it. */
  readonly part: EvidencePart;
  /** Its name in the configuration. */
  readonly name: Scalars['String']['output'];
  /** What was the matter. */
  readonly state: SourceState;
  /** The same in words; null when there is nothing to add. */
  readonly message?: Maybe<Scalars['String']['output']>;
};

/** Parts of the evidence. */
export type EvidencePart =
  /** The chart. */
  | 'CHART'
  /** Services that may be the cause. */
  | 'SUSPECTS'
  /** What was changed shortly before. */
  | 'CHANGES'
  /** Traces that show it. */
  | 'TRACES'
  /** Log lines that grew. */
  | 'LOGS'
  /** How workloads are in Kubernetes. */
  | 'HEALTH';

/** A message about an incident. */
export type Delivery = Node & {
  /** Opaque; goes into `node(id:)`. */
  readonly id: Scalars['ID']['output'];
  /** Where to, such as `#mesh-alerts`. */
  readonly channel: Scalars['String']['output'];
  /** How far it came. */
  readonly state: DeliveryState;
  /** When it was put into the outbox. */
  readonly queuedAt: Scalars['DateTime']['output'];
  /** How often it was tried. */
  readonly attempts: Scalars['Int']['output'];
  /** When it was sent; null when it was not. */
  readonly sentAt?: Maybe<Scalars['DateTime']['output']>;
  /** Where it can be read; null when not known. */
  readonly messageUrl?: Maybe<Scalars['String']['output']>;
  /** Why the last attempt failed; null when it did not. */
  readonly error?: Maybe<Scalars['String']['output']>;
};

/** How far a message came. */
export type DeliveryState =
  /** Waits for its turn. */
  | 'PENDING'
  /** Arrived. */
  | 'SENT'
  /** Given up; `retryDelivery` sends it again. */
  | 'FAILED'
  /** Not sent, because another message says it already or there is no place for it. */
  | 'SUPPRESSED';

/** Which incident somebody looks after. */
export type AcknowledgeAlertInput = {
  /** Its id. */
  readonly alertId: Scalars['ID']['input'];
};

/** Which incident to silence, for how long. */
export type SilenceAlertInput = {
  /** Its id. */
  readonly alertId: Scalars['ID']['input'];
  /** For how long, at most 30 d. */
  readonly for: Scalars['Duration']['input'];
};

/** Whose silence to end. */
export type EndSilenceInput = {
  /** The incident's id. */
  readonly alertId: Scalars['ID']['input'];
};

/** Which message to send again. */
export type RetryDeliveryInput = {
  /** Its id. */
  readonly deliveryId: Scalars['ID']['input'];
};

/** What came of an acknowledgement. */
export type AcknowledgeAlertPayload = {
  /** The incident as it is now; null when `userErrors` is not empty. */
  readonly alert?: Maybe<Alert>;
  /** What was wrong with the input; empty when it was done. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What came of a silence. */
export type SilenceAlertPayload = {
  /** The incident as it is now; null when it was not silenced. */
  readonly alert?: Maybe<Alert>;
  /** What was wrong; empty when it was done. With `alert` beside it: it is silenced here and not in Alertmanager. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What came of ending a silence. */
export type EndSilencePayload = {
  /** The incident as it is now; null when nothing was done. */
  readonly alert?: Maybe<Alert>;
  /** What was wrong; empty when it was done. With `alert` beside it: it is over here and not in Alertmanager. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What came of sending again. */
export type RetryDeliveryPayload = {
  /** The message as it is now; null when `userErrors` is not empty. */
  readonly delivery?: Maybe<Delivery>;
  /** What was wrong with the input; empty when it was done. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** Something wrong with the input of a mutation. */
export type UserError = {
  /** Path of the input field at fault, such as `["input", "alertId"]`; null when it is none. */
  readonly field?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** What kind of fault. */
  readonly code: UserErrorCode;
  /** What is wrong and how to mend it. */
  readonly message: Scalars['String']['output'];
};

/** Kinds of faults in the input of a mutation. */
export type UserErrorCode =
  /** No objectives are configured, so there are no incidents. */
  | 'NOT_CONFIGURED'
  /** There is nothing with this id, or the caller may not see it. */
  | 'NOT_FOUND'
  /** Done here, but Alertmanager could not be told. */
  | 'ALERTMANAGER_FAILED';

/** Who is to blame, how sure, why, and what could not be seen. */
export type Diagnosis = {
  /** Whether anybody is named. */
  readonly verdict: Verdict;
  /** The verdict as one sentence for people; null when the caller may not see all namespaces. */
  readonly sentence?: Maybe<Scalars['String']['output']>;
  /** Likeliest first; empty unless the verdict is SUSPECTS. */
  readonly suspects: ReadonlyArray<DiagnosedSuspect>;
  /** Services that look involved and are not, the busiest first, at most ten. */
  readonly cleared: ReadonlyArray<ClearedService>;
  /** What could not be seen, and why. */
  readonly missing: ReadonlyArray<MissingEvidencePart>;
  /** What was looked at of the range. */
  readonly incident: DiagnosedWindow;
  /** What it was compared with; null without any baseline. */
  readonly baseline?: Maybe<DiagnosedWindow>;
  /** The part of the mesh that matters: who suffers, its callers, the suspects and the ways to them. */
  readonly graph: IncidentGraph;
};

/**
 * The part of the mesh that matters for an incident, at most 15 nodes and 24 calls. Nodes and calls of namespaces the caller may not see are left
 * out.
 */
export type IncidentGraph = {
  /** What the weights of the calls tell; null when no call fails more or takes longer than before. */
  readonly measure?: Maybe<IncidentMeasure>;
  /** TRACES or METRICS: what the figures were counted from. Times are always from traces. */
  readonly basis: Scalars['String']['output'];
  /** The most important first; empty when nothing is known of any call. */
  readonly nodes: ReadonlyArray<IncidentNode>;
  /** The heaviest first. */
  readonly calls: ReadonlyArray<IncidentCall>;
  /** What is not among them. */
  readonly rest: IncidentRest;
  /** All of it drawn: an SVG document, the suspect marked, calls as wide as they have more of the trouble than before. */
  readonly svg: Scalars['String']['output'];
  /** The same in words with the numbers, at most 1,000 characters: the alternative text of the drawing. */
  readonly words: Scalars['String']['output'];
};

/** What an incident's calls have more of than before. */
export type IncidentMeasure =
  /** Failed calls per request. */
  | 'FAILED'
  /** Time per request. */
  | 'TIME';

/** A service of an incident, or something outside the mesh that it calls. */
export type IncidentNode = {
  /** Names it in `source` and `destination` of this graph's calls: its place in `nodes`, from 0. */
  readonly place: Scalars['Int']['output'];
  /** The service; null for what is no service of the mesh. */
  readonly service?: Maybe<Service>;
  /** The service's name, or the host or dependency as its source spells it. */
  readonly name: Scalars['String']['output'];
  /** Whether its requests suffer: the service asked about, or whose budget burns. */
  readonly isSuffering: Scalars['Boolean']['output'];
  /** Its rank among the suspects, 1 is the likeliest; null when it is none. */
  readonly suspectRank?: Maybe<Scalars['Int']['output']>;
};

/** All calls of an incident from one node to another. */
export type IncidentCall = {
  /** Place of the caller in `nodes`. */
  readonly source: Scalars['Int']['output'];
  /** Place of the called in `nodes`. */
  readonly destination: Scalars['Int']['output'];
  /** Calls per 100 requests of the service that is looked at. */
  readonly callsPer100: Scalars['Float']['output'];
  /** Failed calls / calls, 0..1. */
  readonly failedRatio: Scalars['Float']['output'];
  /** The same before; null when not known. */
  readonly failedRatioBefore?: Maybe<Scalars['Float']['output']>;
  /** Mean time its caller waited for a call, ms; null where no trace shows it. */
  readonly callMs?: Maybe<Scalars['Float']['output']>;
  /** The same before; null when not known. */
  readonly callMsBefore?: Maybe<Scalars['Float']['output']>;
  /** More failed calls per 100 requests than before. */
  readonly excessFailedPer100: Scalars['Float']['output'];
  /** More time per request than before, ms; null where no trace shows it. */
  readonly excessMs?: Maybe<Scalars['Float']['output']>;
  /** Its excess by `measure` against the largest of the mesh, 0..1. */
  readonly weight: Scalars['Float']['output'];
};

/** What an incident's graph leaves out. */
export type IncidentRest = {
  /** Services and other ends of calls. */
  readonly nodeCount: Scalars['Int']['output'];
  /** Pairs of them with calls. */
  readonly callCount: Scalars['Int']['output'];
  /** Their share of the excess of all calls, 0..1. */
  readonly excessRatio: Scalars['Float']['output'];
};

/** What a diagnosis comes to. */
export type Verdict =
  /** Somebody is named. */
  | 'SUSPECTS'
  /** All services suffer alike: the cause lies outside the mesh or below it. */
  | 'OUTSIDE_MESH'
  /** The baseline is as bad: choose one that is not. */
  | 'BASELINE_AS_BAD'
  /** Nothing stands out beyond chance. */
  | 'NOTHING_STANDS_OUT'
  /** Too few requests were seen. */
  | 'TOO_FEW_REQUESTS'
  /** Too few requests were bad. */
  | 'TOO_FEW_BAD_REQUESTS'
  /** There is nothing to compare with. */
  | 'NO_BASELINE'
  /** There are neither traces nor metrics of the range. */
  | 'NO_EVIDENCE';

/** How sure a diagnosis is of a suspect. */
export type DiagnosisGrade =
  /** Beyond chance. */
  | 'LIKELY'
  /** The best explanation, but chance or another service may be it too. */
  | 'POSSIBLE';

/** A service that may be the cause. */
export type DiagnosedSuspect = {
  /** The service; null when the caller may not see it. */
  readonly service?: Maybe<Service>;
  /** What of it, where that can be told; null: the service itself. */
  readonly part?: Maybe<SuspectPart>;
  /** How sure. */
  readonly grade: DiagnosisGrade;
  /** Bad requests explained, per 100 requests of the range, 0..100: the sum of `explained` of its pieces, at most 100. */
  readonly score: Scalars['Float']['output'];
  /** Standard error of the score, in the same unit. */
  readonly standardError: Scalars['Float']['output'];
  /** That of all services this one explains most, 0..1. */
  readonly probability: Scalars['Float']['output'];
  /** Why, the most telling first. */
  readonly reasons: ReadonlyArray<SuspectReason>;
  /** What the score is made of, largest first. */
  readonly pieces: ReadonlyArray<ScorePiece>;
  /** What was changed near it shortly before, the nearest first. */
  readonly changes: ReadonlyArray<Change>;
};

/** A part of a service, or what stands behind it. */
export type SuspectPart = {
  /** What it is. */
  readonly kind: SuspectPartKind;
  /** As its source spells it. */
  readonly name: Scalars['String']['output'];
};

/** What of a service is suspected. */
export type SuspectPartKind =
  /** One version: its siblings are well. */
  | 'VERSION'
  /** One pod: its siblings are well. */
  | 'POD'
  /** Only calls from the caller named suffer. */
  | 'EDGE'
  /** A dependency without spans: the service or it. */
  | 'EXTERNAL'
  /** A rule of the mesh does it. */
  | 'RULE';

/** One reason from counted numbers. */
export type SuspectReason = {
  /** What it rests on: CHANGE, INJECTED_FAULT, ERRORS, SLOW_CALLS, SLOW_WORK, ERROR_LINES, LOG_PATTERN, FEWER_CALLS, EDGE_METRICS, VERSION, POD, EXTERNAL, CPU, MEMORY or RESTARTS. */
  readonly kind: Scalars['String']['output'];
  /** In words. */
  readonly sentence: Scalars['String']['output'];
  /** Its numbers. */
  readonly numbers: ReadonlyArray<ReasonNumber>;
};

/** A number behind a reason. */
export type ReasonNumber = {
  /** Its name with its unit, such as `incidentMs`. */
  readonly name: Scalars['String']['output'];
  /** The number; null when not known. */
  readonly value?: Maybe<Scalars['Float']['output']>;
};

/** One part of a score: explained = share * (incident - expected) * credibility * weight. */
export type ScorePiece = {
  /** What is counted: ERRORS, LATENCY, ERROR_LINES, LOG_PATTERN, FEWER_CALLS, METRIC_ERRORS, METRIC_WAITS or METRIC_LATENCY. */
  readonly kind: Scalars['String']['output'];
  /** Operation, calls or pattern it is about. */
  readonly name: Scalars['String']['output'];
  /** Requests that could show it, of all of the range, 0..1. */
  readonly share: Scalars['Float']['output'];
  /** Bad ones per 100 of those. */
  readonly incident: Scalars['Float']['output'];
  /** As many as the baseline and longer time lead to expect, per 100. */
  readonly expected: Scalars['Float']['output'];
  /** That it really changed, 0..1. */
  readonly credibility: Scalars['Float']['output'];
  /** Of slowness whether the service is slow to all its callers, 0.5..1; less than 1 also for log patterns. */
  readonly weight: Scalars['Float']['output'];
  /** What it adds to the score, per 100 requests. */
  readonly explained: Scalars['Float']['output'];
  /** Of that, in the same unit. */
  readonly standardError: Scalars['Float']['output'];
};

/** A service that is not it. */
export type ClearedService = {
  /** The service; null when the caller may not see it. */
  readonly service?: Maybe<Service>;
  /** Why. */
  readonly sentence: Scalars['String']['output'];
};

/** What could not be seen. */
export type MissingEvidencePart = {
  /** TRACES, METRICS, LOGS, WORKLOADS, CHANGES, BASELINE or BACKGROUND. */
  readonly pillar: Scalars['String']['output'];
  /** One sentence. */
  readonly message: Scalars['String']['output'];
};

/** How much was looked at. */
export type DiagnosedWindow = {
  /** From the first start to the last end of the windows pooled. */
  readonly window: Window;
  /** Windows pooled. */
  readonly windowCount: Scalars['Int']['output'];
  /** Traces sampled; null when no traces were known. */
  readonly traceCount?: Maybe<Scalars['Int']['output']>;
  /** Requests the traces stand for; null when no traces were known. */
  readonly requestCount?: Maybe<Scalars['Float']['output']>;
  /** Share of them that failed or were slow, 0..1; null when not known. */
  readonly badRatio?: Maybe<Scalars['Float']['output']>;
};

/** Where every question starts. */
export type Query = {
  /**
   * Flat rows for Grafana (Infinity datasource, backend parser): one list per kind of panel, columns that are always there, instants in epoch ms.
   * Grafana shows no `errors`, so each row says in `status` how whole the answer is, and an operation on this root alone answers 502 when
   * every source it needed is down.
   */
  readonly grafana: Grafana;
  /** The object with this id; null when there is none or the caller may not see it. */
  readonly node?: Maybe<Node>;
  /**
   * One service; null when no source saw it in `range` or the last 24 h, or the caller may not see it. When that cannot be told because a source
   * is down, the object is returned.
   */
  readonly service?: Maybe<Service>;
  /** Services seen in the range, by (cluster, namespace, name). */
  readonly services: ServiceConnection;
  /** Who calls whom: services, gateways, external hosts and the traffic between them. */
  readonly serviceGraph: ServiceGraph;
  /** One trace, merged over all trace sources; null when no source holds it or the caller may not see any of it. */
  readonly trace?: Maybe<Trace>;
  /**
   * Who is to blame for what is wrong with a service in the range, with reasons and the numbers behind them, or why nobody is named; null when
   * the service is not known. Asks every pillar for the range and for windows before it: some dozens of upstream calls.
   */
  readonly diagnosis?: Maybe<Diagnosis>;
  /** Objectives and what is left of their error budgets. `nodes` is null while no objectives are configured. */
  readonly slos: SloConnection;
  /** Incidents, newest first. `nodes` is null while no objectives are configured. */
  readonly alerts: AlertConnection;
  /** Messages of incidents, newest first; null while no objectives are configured. */
  readonly deliveries?: Maybe<ReadonlyArray<Delivery>>;
  /** Every configured source and how it is; asked at most once per 15 s. */
  readonly sources: ReadonlyArray<Source>;
};


/** Where every question starts. */
export type QueryGrafanaArgs = {
  from?: InputMaybe<Scalars['GrafanaTime']['input']>;
  to?: InputMaybe<Scalars['GrafanaTime']['input']>;
  mesh?: InputMaybe<Scalars['GrafanaChoice']['input']>;
  cluster?: InputMaybe<Scalars['GrafanaChoice']['input']>;
  namespace?: InputMaybe<Scalars['GrafanaChoice']['input']>;
};


/** Where every question starts. */
export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
  range?: InputMaybe<RangeInput>;
};


/** Where every question starts. */
export type QueryServiceArgs = {
  ref: ServiceRefInput;
  range?: InputMaybe<RangeInput>;
};


/** Where every question starts. */
export type QueryServicesArgs = {
  range?: InputMaybe<RangeInput>;
  filter?: InputMaybe<ServiceFilter>;
  top?: InputMaybe<ServiceTop>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['Cursor']['input']>;
};


/** Where every question starts. */
export type QueryServiceGraphArgs = {
  range?: InputMaybe<RangeInput>;
  filter?: InputMaybe<ServiceFilter>;
  maxEdges?: InputMaybe<Scalars['Int']['input']>;
};


/** Where every question starts. */
export type QueryTraceArgs = {
  traceId: Scalars['TraceId']['input'];
  range?: InputMaybe<RangeInput>;
};


/** Where every question starts. */
export type QueryDiagnosisArgs = {
  service: ServiceRefInput;
  range?: InputMaybe<RangeInput>;
  baseline?: InputMaybe<RangeInput>;
};


/** Where every question starts. */
export type QuerySlosArgs = {
  filter?: InputMaybe<SloFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['Cursor']['input']>;
};


/** Where every question starts. */
export type QueryAlertsArgs = {
  filter?: InputMaybe<AlertFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['Cursor']['input']>;
};


/** Where every question starts. */
export type QueryDeliveriesArgs = {
  states?: InputMaybe<ReadonlyArray<DeliveryState>>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** Rows over one range and choice of services. A list is empty when there is no data or no source for it. */
export type Grafana = {
  /** Every configured source and how it is: the banner of each dashboard. */
  readonly sources: ReadonlyArray<GrafanaSourceRow>;
  /** Nodes of the service graph; each end of each row of `edges` with the same arguments is among them. */
  readonly nodes: ReadonlyArray<GrafanaNodeRow>;
  /** Edges between `nodes`. */
  readonly edges: ReadonlyArray<GrafanaEdgeRow>;
  /** Services with their golden signals over the range and their worst objective, by cluster, namespace and name. */
  readonly services: ReadonlyArray<GrafanaServiceRow>;
  /** A measure over time, one row per service and point; at most 20 services, those with the most calls. */
  readonly series: ReadonlyArray<GrafanaSeriesRow>;
  /** Objectives as of the last evaluation. */
  readonly slos: ReadonlyArray<GrafanaSloRow>;
  /** Burn rate and budget of objectives over time; at most 20 objectives. */
  readonly sloHistory: ReadonlyArray<GrafanaSloPointRow>;
  /** Burn rates of the alerting windows with their thresholds. */
  readonly burns: ReadonlyArray<GrafanaBurnRow>;
  /** Incidents that overlap the range, newest first, at most 100: rows are annotations. */
  readonly alerts: ReadonlyArray<GrafanaAlertRow>;
  /** Configuration and workload changes in the range, newest first, at most 100: rows are annotations. */
  readonly changes: ReadonlyArray<GrafanaChangeRow>;
  /** Log lines, newest first. Without a service there are none: a mesh's whole log is no answer to anything. */
  readonly logs: ReadonlyArray<GrafanaLogRow>;
  /** Traces, newest first. Without a service there are none. */
  readonly traces: ReadonlyArray<GrafanaTraceRow>;
  /** Where else to look at a service over the range: Prometheus, Jaeger, Zipkin, Kibana. */
  readonly links: ReadonlyArray<GrafanaLinkRow>;
  /** Values of a dashboard variable, sorted. */
  readonly values: ReadonlyArray<GrafanaValueRow>;
};


/** Rows over one range and choice of services. A list is empty when there is no data or no source for it. */
export type GrafanaNodesArgs = {
  maxNodes?: InputMaybe<Scalars['Int']['input']>;
};


/** Rows over one range and choice of services. A list is empty when there is no data or no source for it. */
export type GrafanaEdgesArgs = {
  maxNodes?: InputMaybe<Scalars['Int']['input']>;
};


/** Rows over one range and choice of services. A list is empty when there is no data or no source for it. */
export type GrafanaServicesArgs = {
  service?: InputMaybe<Scalars['GrafanaChoice']['input']>;
};


/** Rows over one range and choice of services. A list is empty when there is no data or no source for it. */
export type GrafanaSeriesArgs = {
  measure: GrafanaMeasure;
  service?: InputMaybe<Scalars['GrafanaChoice']['input']>;
  maxPoints?: InputMaybe<Scalars['Int']['input']>;
};


/** Rows over one range and choice of services. A list is empty when there is no data or no source for it. */
export type GrafanaSlosArgs = {
  service?: InputMaybe<Scalars['GrafanaChoice']['input']>;
  slo?: InputMaybe<Scalars['GrafanaChoice']['input']>;
};


/** Rows over one range and choice of services. A list is empty when there is no data or no source for it. */
export type GrafanaSloHistoryArgs = {
  service?: InputMaybe<Scalars['GrafanaChoice']['input']>;
  slo?: InputMaybe<Scalars['GrafanaChoice']['input']>;
  maxPoints?: InputMaybe<Scalars['Int']['input']>;
};


/** Rows over one range and choice of services. A list is empty when there is no data or no source for it. */
export type GrafanaBurnsArgs = {
  service?: InputMaybe<Scalars['GrafanaChoice']['input']>;
  slo?: InputMaybe<Scalars['GrafanaChoice']['input']>;
};


/** Rows over one range and choice of services. A list is empty when there is no data or no source for it. */
export type GrafanaAlertsArgs = {
  service?: InputMaybe<Scalars['GrafanaChoice']['input']>;
};


/** Rows over one range and choice of services. A list is empty when there is no data or no source for it. */
export type GrafanaChangesArgs = {
  service?: InputMaybe<Scalars['GrafanaChoice']['input']>;
};


/** Rows over one range and choice of services. A list is empty when there is no data or no source for it. */
export type GrafanaLogsArgs = {
  service?: InputMaybe<Scalars['GrafanaChoice']['input']>;
  levels?: InputMaybe<ReadonlyArray<LogLevel>>;
  text?: InputMaybe<Scalars['GrafanaChoice']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** Rows over one range and choice of services. A list is empty when there is no data or no source for it. */
export type GrafanaTracesArgs = {
  service?: InputMaybe<Scalars['GrafanaChoice']['input']>;
  errorsOnly?: InputMaybe<Scalars['Boolean']['input']>;
  minDurationMs?: InputMaybe<Scalars['Float']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** Rows over one range and choice of services. A list is empty when there is no data or no source for it. */
export type GrafanaLinksArgs = {
  service?: InputMaybe<Scalars['GrafanaChoice']['input']>;
};


/** Rows over one range and choice of services. A list is empty when there is no data or no source for it. */
export type GrafanaValuesArgs = {
  of: GrafanaVariable;
  service?: InputMaybe<Scalars['GrafanaChoice']['input']>;
};

/** What a series measures. */
export type GrafanaMeasure =
  /** Calls per second. */
  | 'REQUEST_RATE'
  /** Failed calls, 0..1. */
  | 'ERROR_RATIO'
  /** Median, ms. */
  | 'LATENCY_P50'
  /** 95th percentile, ms. */
  | 'LATENCY_P95'
  /** 99th percentile, ms. */
  | 'LATENCY_P99';

/** What a dashboard variable lists. */
export type GrafanaVariable =
  /** Clusters. */
  | 'CLUSTER'
  /** Namespaces. */
  | 'NAMESPACE'
  /** Services. */
  | 'SERVICE'
  /** Objectives, of one service where it is given. */
  | 'SLO';

/** A source. */
export type GrafanaSourceRow = {
  /** Name. */
  readonly name: Scalars['String']['output'];
  /** Kind. */
  readonly kind: Scalars['String']['output'];
  /** State, with the message where it is not OK. */
  readonly status: Scalars['String']['output'];
  /** State. */
  readonly state: Scalars['String']['output'];
  /** Null when it is fine. */
  readonly message?: Maybe<Scalars['String']['output']>;
  /** Null when it was not asked. */
  readonly latencyMs?: Maybe<Scalars['Float']['output']>;
  /** Epoch ms of the last look. */
  readonly time: Scalars['Float']['output'];
};

/** A node in the words of Grafana's node graph panel. The arcs of each row sum to 1. */
export type GrafanaNodeRow = {
  /** Unique among the nodes. */
  readonly id: Scalars['String']['output'];
  /** First line. */
  readonly title: Scalars['String']['output'];
  /** Namespace, or the kind of what is no service. */
  readonly subtitle: Scalars['String']['output'];
  /** Calls per second in words; `no data` where nothing is measured. */
  readonly mainstat: Scalars['String']['output'];
  /** Share of failed calls in words; empty where nothing is measured. */
  readonly secondarystat: Scalars['String']['output'];
  /** Share of calls that went well, 0..1. */
  readonly arc__ok: Scalars['Float']['output'];
  /** Share of calls the client is to blame for (4xx). */
  readonly arc__client: Scalars['Float']['output'];
  /** Share of failed calls. */
  readonly arc__failed: Scalars['Float']['output'];
  /** 1 where nothing is measured, else 0: silence is neither green nor red. */
  readonly arc__nodata: Scalars['Float']['output'];
  /** An icon's name in Grafana. */
  readonly icon: Scalars['String']['output'];
  /** Kind of the node. */
  readonly detail__kind: Scalars['String']['output'];
  /** Cluster; empty for what is no service. */
  readonly detail__cluster: Scalars['String']['output'];
  /** Namespace; empty for what is no service. */
  readonly detail__namespace: Scalars['String']['output'];
  /** Name of the service; empty for what is none. */
  readonly detail__service: Scalars['String']['output'];
  /** 95th percentile, ms. */
  readonly detail__p95ms?: Maybe<Scalars['Float']['output']>;
  /** Whether the cap on nodes cut the graph. */
  readonly truncated: Scalars['Boolean']['output'];
  /** `OK`, or which source is not, and why. */
  readonly status: Scalars['String']['output'];
};

/** An edge in the words of Grafana's node graph panel. */
export type GrafanaEdgeRow = {
  /** Unique among the rows. */
  readonly id: Scalars['String']['output'];
  /** The caller's node. */
  readonly source: Scalars['String']['output'];
  /** The called one's node. */
  readonly target: Scalars['String']['output'];
  /** Calls or connections per second in words. */
  readonly mainstat: Scalars['String']['output'];
  /** Share of failures in words. */
  readonly secondarystat: Scalars['String']['output'];
  /** 1 to 8 by traffic, against the edge with the most. */
  readonly thickness: Scalars['Float']['output'];
  /** A colour name of Grafana. */
  readonly color: Scalars['String']['output'];
  /** Dashes for TCP. */
  readonly strokedasharray: Scalars['String']['output'];
  /** HTTP, GRPC or TCP. */
  readonly detail__protocol: Scalars['String']['output'];
  /** Whose proxy saw it. */
  readonly detail__reporter: Scalars['String']['output'];
  /** 95th percentile, ms. */
  readonly detail__p95ms?: Maybe<Scalars['Float']['output']>;
  /** Share of calls over mutual TLS, 0..1. */
  readonly detail__mtls?: Maybe<Scalars['Float']['output']>;
  /** Whether the cap on nodes cut the graph. */
  readonly truncated: Scalars['Boolean']['output'];
  /** `OK`, or which source is not, and why. */
  readonly status: Scalars['String']['output'];
};

/** A service with its golden signals, as its callers saw it, over the whole range. Null is no data. */
export type GrafanaServiceRow = {
  /** Cluster. */
  readonly cluster: Scalars['String']['output'];
  /** Namespace. */
  readonly namespace: Scalars['String']['output'];
  /** Name of the service. */
  readonly service: Scalars['String']['output'];
  /** Vocabulary of its metrics; null where none names it. */
  readonly mesh?: Maybe<Scalars['String']['output']>;
  /** Calls per second. */
  readonly requestsPerSecond?: Maybe<Scalars['Float']['output']>;
  /** 0..1; null without calls: idle is not healthy and not broken. */
  readonly errorRatio?: Maybe<Scalars['Float']['output']>;
  /** Calls the client is to blame for, 0..1. */
  readonly clientErrorRatio?: Maybe<Scalars['Float']['output']>;
  /** Median, ms. */
  readonly p50Ms?: Maybe<Scalars['Float']['output']>;
  /** 95th percentile, ms. */
  readonly p95Ms?: Maybe<Scalars['Float']['output']>;
  /** 99th percentile, ms. */
  readonly p99Ms?: Maybe<Scalars['Float']['output']>;
  /** Why there are no golden signals; null when there are. */
  readonly absence?: Maybe<Scalars['String']['output']>;
  /** State of its worst objective; null without objectives. */
  readonly sloState?: Maybe<Scalars['String']['output']>;
  /** Smallest share of an error budget that is left; below 0 when overspent. */
  readonly budgetRemaining?: Maybe<Scalars['Float']['output']>;
  /** `OK`, or which source is not, and why. */
  readonly status: Scalars['String']['output'];
};

/** A point. */
export type GrafanaSeriesRow = {
  /** Epoch ms. */
  readonly time: Scalars['Float']['output'];
  /** Cluster. */
  readonly cluster: Scalars['String']['output'];
  /** Namespace. */
  readonly namespace: Scalars['String']['output'];
  /** Name of the service. */
  readonly service: Scalars['String']['output'];
  /** Null is a gap. */
  readonly value?: Maybe<Scalars['Float']['output']>;
  /** `OK`, or which source is not, and why. */
  readonly status: Scalars['String']['output'];
};

/** An objective. */
export type GrafanaSloRow = {
  /** Cluster. */
  readonly cluster: Scalars['String']['output'];
  /** Namespace. */
  readonly namespace: Scalars['String']['output'];
  /** Name of the service. */
  readonly service: Scalars['String']['output'];
  /** Name of the objective. */
  readonly slo: Scalars['String']['output'];
  /** Kind of indicator. */
  readonly sli: Scalars['String']['output'];
  /** 0..1. */
  readonly target: Scalars['Float']['output'];
  /** Length of the period in days. */
  readonly windowDays: Scalars['Float']['output'];
  /** State. */
  readonly state: Scalars['String']['output'];
  /** State of its data. */
  readonly dataState: Scalars['String']['output'];
  /** Good events of the period. */
  readonly goodCount?: Maybe<Scalars['Float']['output']>;
  /** Events of the period. */
  readonly totalCount?: Maybe<Scalars['Float']['output']>;
  /** Share of good events in the period, 0..1. */
  readonly goodRatio?: Maybe<Scalars['Float']['output']>;
  /** Share of the error budget that is left; below 0 when overspent. */
  readonly budgetRemaining?: Maybe<Scalars['Float']['output']>;
  /** Epoch ms at which the budget is spent at the present burn rate. */
  readonly exhaustedAt?: Maybe<Scalars['Float']['output']>;
  /** Highest burn rate of a long window whose tier is met; null when none is met. */
  readonly burning?: Maybe<Scalars['Float']['output']>;
  /** Epoch ms. */
  readonly evaluatedAt?: Maybe<Scalars['Float']['output']>;
  /** `OK`, or which source is not, and why. */
  readonly status: Scalars['String']['output'];
};

/** A point of an objective. */
export type GrafanaSloPointRow = {
  /** Epoch ms. */
  readonly time: Scalars['Float']['output'];
  /** Namespace. */
  readonly namespace: Scalars['String']['output'];
  /** Name of the service. */
  readonly service: Scalars['String']['output'];
  /** Name of the objective. */
  readonly slo: Scalars['String']['output'];
  /** 1 spends exactly the budget over the period. */
  readonly burnRate?: Maybe<Scalars['Float']['output']>;
  /** Share of the error budget that is left; below 0 when overspent. */
  readonly budgetRemaining?: Maybe<Scalars['Float']['output']>;
  /** `OK`, or which source is not, and why. */
  readonly status: Scalars['String']['output'];
};

/** One tier of burn alerting. */
export type GrafanaBurnRow = {
  /** Namespace. */
  readonly namespace: Scalars['String']['output'];
  /** Name of the service. */
  readonly service: Scalars['String']['output'];
  /** Name of the objective. */
  readonly slo: Scalars['String']['output'];
  /** Name of the tier. */
  readonly tier: Scalars['String']['output'];
  /** PAGE or TICKET. */
  readonly severity: Scalars['String']['output'];
  /** Burn rate at which it is met. */
  readonly threshold: Scalars['Float']['output'];
  /** Length as Prometheus writes it. */
  readonly longWindow: Scalars['String']['output'];
  /** Burn rate over the long window. */
  readonly long?: Maybe<Scalars['Float']['output']>;
  /** Length as Prometheus writes it. */
  readonly shortWindow: Scalars['String']['output'];
  /** Burn rate over the short window. */
  readonly short?: Maybe<Scalars['Float']['output']>;
  /** Whether both windows are at the threshold. */
  readonly met: Scalars['Boolean']['output'];
  /** `OK`, or which source is not, and why. */
  readonly status: Scalars['String']['output'];
};

/** An incident as an annotation. */
export type GrafanaAlertRow = {
  /** Unique among the rows. */
  readonly id: Scalars['String']['output'];
  /** Epoch ms. */
  readonly time: Scalars['Float']['output'];
  /** Epoch ms; now while it is open. */
  readonly timeEnd: Scalars['Float']['output'];
  /** First line. */
  readonly title: Scalars['String']['output'];
  /** What happened, in words. */
  readonly text: Scalars['String']['output'];
  /** Separated by commas. */
  readonly tags: Scalars['String']['output'];
  /** A colour name of Grafana. */
  readonly color: Scalars['String']['output'];
  /** Cluster. */
  readonly cluster: Scalars['String']['output'];
  /** Namespace. */
  readonly namespace: Scalars['String']['output'];
  /** Name of the service. */
  readonly service: Scalars['String']['output'];
  /** Name of the objective. */
  readonly slo: Scalars['String']['output'];
  /** State. */
  readonly state: Scalars['String']['output'];
  /** PAGE or TICKET. */
  readonly severity: Scalars['String']['output'];
  /** `OK`, or which source is not, and why. */
  readonly status: Scalars['String']['output'];
};

/** A change as an annotation. */
export type GrafanaChangeRow = {
  /** Unique among the rows. */
  readonly id: Scalars['String']['output'];
  /** Epoch ms. */
  readonly time: Scalars['Float']['output'];
  /** Equal to `time`. */
  readonly timeEnd: Scalars['Float']['output'];
  /** First line. */
  readonly title: Scalars['String']['output'];
  /** What happened, in words. */
  readonly text: Scalars['String']['output'];
  /** Separated by commas. */
  readonly tags: Scalars['String']['output'];
  /** A colour name of Grafana. */
  readonly color: Scalars['String']['output'];
  /** Kind. */
  readonly kind: Scalars['String']['output'];
  /** Namespace. */
  readonly namespace?: Maybe<Scalars['String']['output']>;
  /** Name. */
  readonly name: Scalars['String']['output'];
  /** `OK`, or which source is not, and why. */
  readonly status: Scalars['String']['output'];
};

/** A log line in the words of Grafana's logs panel. */
export type GrafanaLogRow = {
  /** Epoch ms. */
  readonly timestamp: Scalars['Float']['output'];
  /** The line. */
  readonly body: Scalars['String']['output'];
  /** Grafana's word: critical, error, warning, info, debug, trace, unknown. */
  readonly level: Scalars['String']['output'];
  /** Unique among the rows. */
  readonly id: Scalars['String']['output'];
  /** Namespace. */
  readonly namespace: Scalars['String']['output'];
  /** Name of the service. */
  readonly service: Scalars['String']['output'];
  /** Pod. */
  readonly pod?: Maybe<Scalars['String']['output']>;
  /** Container. */
  readonly container?: Maybe<Scalars['String']['output']>;
  /** 32 hex digits. */
  readonly traceId?: Maybe<Scalars['String']['output']>;
  /** The same line in Kibana; null where none is configured. */
  readonly kibanaUrl?: Maybe<Scalars['String']['output']>;
  /** `OK`, or which source is not, and why. */
  readonly status: Scalars['String']['output'];
};

/** A trace. */
export type GrafanaTraceRow = {
  /** 32 hex digits. */
  readonly traceId: Scalars['String']['output'];
  /** Epoch ms. */
  readonly startTime: Scalars['Float']['output'];
  /** Of the root span, ms. */
  readonly durationMs: Scalars['Float']['output'];
  /** Namespace. */
  readonly namespace?: Maybe<Scalars['String']['output']>;
  /** Name of the service. */
  readonly service?: Maybe<Scalars['String']['output']>;
  /** Of the root span. */
  readonly operation: Scalars['String']['output'];
  /** Spans. */
  readonly spanCount: Scalars['Int']['output'];
  /** Spans with an error. */
  readonly errorCount: Scalars['Int']['output'];
  /** Names of the services it went through, separated by commas. */
  readonly services: Scalars['String']['output'];
  /** Names of the sources that hold it, separated by commas. */
  readonly foundIn: Scalars['String']['output'];
  /** In Jaeger, else in Zipkin; null where no UI is configured. */
  readonly url?: Maybe<Scalars['String']['output']>;
  /** Its log lines in Kibana; null where none is configured. */
  readonly kibanaUrl?: Maybe<Scalars['String']['output']>;
  /** `OK`, or which source is not, and why. */
  readonly status: Scalars['String']['output'];
};

/** A link to another UI. */
export type GrafanaLinkRow = {
  /** Kind. */
  readonly kind: Scalars['String']['output'];
  /** Name. */
  readonly name: Scalars['String']['output'];
  /** Address. */
  readonly url: Scalars['String']['output'];
  /** Namespace. */
  readonly namespace: Scalars['String']['output'];
  /** Name of the service. */
  readonly service: Scalars['String']['output'];
  /** `OK`, or which source is not, and why. */
  readonly status: Scalars['String']['output'];
};

/** A value of a dashboard variable. */
export type GrafanaValueRow = {
  /** What goes into queries. */
  readonly value: Scalars['String']['output'];
  /** What people see. */
  readonly text: Scalars['String']['output'];
  /** `OK`, or which source is not, and why. */
  readonly status: Scalars['String']['output'];
};

/** Which log records; the conditions given hold together. */
export type LogFilter = {
  /** Of one of these levels. */
  readonly levels?: InputMaybe<ReadonlyArray<LogLevel>>;
  /** Every word of this stands in the message; plain words, no query syntax. */
  readonly text?: InputMaybe<Scalars['String']['input']>;
  /** Whose lines. */
  readonly lines?: InputMaybe<LogLines>;
  /** Of exactly these pods; at most 100. */
  readonly pods?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

/** Whose lines of a pod's log. */
export type LogLines =
  /** Without access logs of proxies. */
  | 'APPLICATION'
  /** Access logs of proxies only. */
  | 'ACCESS'
  /** All. */
  | 'ANY';

/** Severity of a log record. */
export type LogLevel =
  /** The process ended. */
  | 'FATAL'
  /** Something failed. */
  | 'ERROR'
  /** Something may fail. */
  | 'WARN'
  /** Told for the record. */
  | 'INFO'
  /** Told for developers. */
  | 'DEBUG'
  /** Told in every detail. */
  | 'TRACE'
  /** The record does not tell. */
  | 'UNKNOWN';

/** A page of log records. */
export type LogConnection = {
  /** Who answered. */
  readonly sources: ReadonlyArray<SourceStatus>;
  /** Records that fit, over all pages; asked for only when selected. Null when not known. */
  readonly totalCount?: Maybe<TotalCount>;
  /** The records of the page; null when no source could answer. */
  readonly nodes?: Maybe<ReadonlyArray<LogRecord>>;
  /** The same records with their cursors. */
  readonly edges?: Maybe<ReadonlyArray<LogEdge>>;
  /** Whether and where it goes on. */
  readonly pageInfo: PageInfo;
};

/** A log record in a list. */
export type LogEdge = {
  /** Its place; null for records before the page's last, whose place no source can tell. */
  readonly cursor?: Maybe<Scalars['Cursor']['output']>;
  /** The record. */
  readonly node: LogRecord;
};

/** A total that may be a lower bound. */
export type TotalCount = {
  /** The number. */
  readonly value: Scalars['Float']['output'];
  /** How it relates to the true total. */
  readonly relation: TotalRelation;
};

/** How a number relates to the true total. */
export type TotalRelation =
  /** Exact. */
  | 'EQ'
  /** The true total is this or more. */
  | 'GTE';

/** One log record. */
export type LogRecord = {
  /** When. */
  readonly at: Scalars['DateTime']['output'];
  /** How severe. */
  readonly level: LogLevel;
  /** Text for people. */
  readonly message: Scalars['String']['output'];
  /** The pod it came from; null when not told. */
  readonly pod?: Maybe<Scalars['String']['output']>;
  /** The container it came from; null when not told. */
  readonly container?: Maybe<Scalars['String']['output']>;
  /** The service its labels or pod say it is of; null when they fit none. */
  readonly service?: Maybe<Service>;
  /** The request's trace; null when the record has none. */
  readonly traceId?: Maybe<Scalars['TraceId']['output']>;
  /** The span within the trace; null when the record has none. */
  readonly spanId?: Maybe<Scalars['ID']['output']>;
  /** The request's id (`x-request-id`); null when the record has none. */
  readonly requestId?: Maybe<Scalars['String']['output']>;
  /** The trace itself; null when the record has no id or no source holds it. */
  readonly trace?: Maybe<Trace>;
  /** Name of the source that holds it. */
  readonly source: Scalars['String']['output'];
  /** Fields of an access log line; null for other lines. */
  readonly accessLog?: Maybe<AccessLog>;
  /** The same record in other tools. */
  readonly links: ReadonlyArray<Link>;
};

/** A line of a proxy's access log. What the line does not have is null. */
export type AccessLog = {
  /** HTTP method. */
  readonly method?: Maybe<Scalars['String']['output']>;
  /** Path with its query. */
  readonly path?: Maybe<Scalars['String']['output']>;
  /** Protocol, such as `HTTP/1.1`. */
  readonly protocol?: Maybe<Scalars['String']['output']>;
  /** HTTP status; 0 when no response was sent. */
  readonly responseCode?: Maybe<Scalars['Int']['output']>;
  /** Envoy's response flags; empty when none. */
  readonly responseFlags: ReadonlyArray<Scalars['String']['output']>;
  /** Envoy's reason for the response. */
  readonly responseCodeDetails?: Maybe<Scalars['String']['output']>;
  /** How long the call took, in ms. */
  readonly durationMs?: Maybe<Scalars['Float']['output']>;
  /** Bytes of the request. */
  readonly bytesReceived?: Maybe<Scalars['Float']['output']>;
  /** Bytes of the response. */
  readonly bytesSent?: Maybe<Scalars['Float']['output']>;
  /** Envoy's cluster it went to, such as `outbound|9080|v2|reviews.bookinfo.svc.cluster.local`. */
  readonly upstreamCluster?: Maybe<Scalars['String']['output']>;
  /** Address it went to. */
  readonly upstreamHost?: Maybe<Scalars['String']['output']>;
  /** Host that was called. */
  readonly authority?: Maybe<Scalars['String']['output']>;
  /** The caller's user agent. */
  readonly userAgent?: Maybe<Scalars['String']['output']>;
};

/** Log records counted by level and time. */
export type LogVolume = {
  /** Who answered. */
  readonly sources: ReadonlyArray<SourceStatus>;
  /** Start of each step, epoch ms; null when no source could answer. */
  readonly timestamps?: Maybe<ReadonlyArray<Scalars['Float']['output']>>;
  /** Counts of the levels that occur; null when no source could answer. */
  readonly byLevel?: Maybe<ReadonlyArray<LevelVolume>>;
};

/** Counts of one level. */
export type LevelVolume = {
  /** The level. */
  readonly level: LogLevel;
  /** Records in each step, aligned with `timestamps`. */
  readonly values: ReadonlyArray<Scalars['Float']['output']>;
};

/** Changes to incidents and deliveries. Needs the action `operate`. Wrong input by the user is told in `userErrors`, not in `errors`. */
export type Mutation = {
  /** Says that somebody looks after an incident: its messages stop reminding. */
  readonly acknowledgeAlert: AcknowledgeAlertPayload;
  /** Holds an incident's messages back for a time; evaluation goes on. */
  readonly silenceAlert: SilenceAlertPayload;
  /** Ends the silence of an incident. */
  readonly endSilence: EndSilencePayload;
  /** Sends a failed message again. */
  readonly retryDelivery: RetryDeliveryPayload;
};


/** Changes to incidents and deliveries. Needs the action `operate`. Wrong input by the user is told in `userErrors`, not in `errors`. */
export type MutationAcknowledgeAlertArgs = {
  input: AcknowledgeAlertInput;
};


/** Changes to incidents and deliveries. Needs the action `operate`. Wrong input by the user is told in `userErrors`, not in `errors`. */
export type MutationSilenceAlertArgs = {
  input: SilenceAlertInput;
};


/** Changes to incidents and deliveries. Needs the action `operate`. Wrong input by the user is told in `userErrors`, not in `errors`. */
export type MutationEndSilenceArgs = {
  input: EndSilenceInput;
};


/** Changes to incidents and deliveries. Needs the action `operate`. Wrong input by the user is told in `userErrors`, not in `errors`. */
export type MutationRetryDeliveryArgs = {
  input: RetryDeliveryInput;
};

/** Pushes over a WebSocket on the same path, protocol `graphql-transport-ws`. */
export type Subscription = {
  /** Each change of an incident's state, severity or data state. Silent while no objectives are configured. */
  readonly alertChanged: Alert;
};


/** Pushes over a WebSocket on the same path, protocol `graphql-transport-ws`. */
export type SubscriptionAlertChangedArgs = {
  filter?: InputMaybe<AlertFilter>;
};

/** Something with an id that `node` finds again. */
export type Node = {
  /** Opaque; stable for as long as the thing is known under its name. */
  readonly id: Scalars['ID']['output'];
};

/** A stretch of time: exactly one of the two forms. */
export type RangeInput =
  /** This long until now, at least 15 s. Now is fixed once per operation and rounded down to 15 s. */
  { readonly last: Scalars['Duration']['input']; readonly absolute?: never; }
  |  /** From one instant to another. */
  { readonly last?: never; readonly absolute: AbsoluteRangeInput; };

/** A stretch of time between two instants. */
export type AbsoluteRangeInput = {
  /** Start, exclusive. */
  readonly from: Scalars['DateTime']['input'];
  /** End, inclusive; after `from`. */
  readonly to: Scalars['DateTime']['input'];
};

/** The stretch of time that was asked for in the end. */
export type Window = {
  /** Start, exclusive. */
  readonly from: Scalars['DateTime']['output'];
  /** End, inclusive. */
  readonly to: Scalars['DateTime']['output'];
  /** Distance of two points of a series of 60 points over it, in ms; a source with rarer samples takes longer steps. */
  readonly stepMs: Scalars['Float']['output'];
};

/** Names a service. */
export type ServiceRefInput = {
  /** May be left out where only one cluster has such a service. */
  readonly cluster?: InputMaybe<Scalars['String']['input']>;
  /** Kubernetes namespace, at most 253 characters. */
  readonly namespace: Scalars['String']['input'];
  /** Name callers use, at most 253 characters. */
  readonly name: Scalars['String']['input'];
};

/** The name of a service: the key by which everything is joined. */
export type ServiceRef = {
  /** Cluster; `default` where nothing says one. */
  readonly cluster: Scalars['String']['output'];
  /** Kubernetes namespace. */
  readonly namespace: Scalars['String']['output'];
  /** Name callers use. */
  readonly name: Scalars['String']['output'];
};

/** Which services of the mesh; the conditions given hold together. */
export type ServiceFilter = {
  /** In one of these clusters; at most 100. */
  readonly clusters?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** In one of these namespaces; at most 100. */
  readonly namespaces?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** Part of the name, upper and lower case alike; plain text, no pattern. */
  readonly nameContains?: InputMaybe<Scalars['String']['input']>;
  /** Recognised in the metrics of one of these meshes. */
  readonly mesh?: InputMaybe<ReadonlyArray<Mesh>>;
};

/** A ranking of services. */
export type ServiceTop = {
  /** What to rank by, largest first; services without data are left out. */
  readonly by: ServiceRanking;
  /** How many, 1 to 100. */
  readonly n: Scalars['Int']['input'];
};

/** What a ranking of services is by. */
export type ServiceRanking =
  /** Requests per second. */
  | 'REQUEST_RATE'
  /** Failed calls / counted calls. */
  | 'ERROR_RATIO'
  /** Failed calls. */
  | 'FAILED_COUNT'
  /** 95th percentile of latency. */
  | 'LATENCY';

/** The vocabulary of metrics a service was recognised in. Where two cover one service the first of this list is taken; they are never added up. */
export type Mesh =
  /** Istio, sidecar or ambient. */
  | 'ISTIO'
  /** Linkerd 2. */
  | 'LINKERD'
  /** OpenTelemetry span metrics and service graph. */
  | 'OTEL'
  /** Plain Envoy statistics. */
  | 'ENVOY';

/** A service of the mesh and every pillar of what is known about it. */
export type Service = Node & {
  /** Opaque; goes into `node(id:)` and is the id of its node in a graph. */
  readonly id: Scalars['ID']['output'];
  /** Its name. */
  readonly ref: ServiceRef;
  /** Where its metrics come from; null when no mesh metric names it (it is known from traces or as a caller only). */
  readonly mesh?: Maybe<Mesh>;
  /** The range everything below inherits. */
  readonly window: Window;
  /** Latency, traffic and errors of calls to the service, as its callers saw them. */
  readonly golden: Golden;
  /** Its edges: who calls it and whom it calls. */
  readonly dependencies: Dependencies;
  /** Traces with a span of the service, newest start first, then by id. */
  readonly traces: TraceConnection;
  /** Log records of its pods, newest first. */
  readonly logs: LogConnection;
  /** Log records counted by level and time. */
  readonly logVolume: LogVolume;
  /** State of its workloads in Kubernetes. Sources say NOT_CONFIGURED and the rest is null where no Kubernetes source is configured. */
  readonly health: Health;
  /** What was changed near it in Kubernetes and the mesh's configuration, newest first. */
  readonly changes: Changes;
  /** Its objectives; null while no objectives are configured. */
  readonly slos?: Maybe<ReadonlyArray<Slo>>;
  /** Its incidents, newest first. `nodes` is null while no objectives are configured. */
  readonly alerts: AlertConnection;
  /** The same service and range in other tools. */
  readonly links: ReadonlyArray<Link>;
};


/** A service of the mesh and every pillar of what is known about it. */
export type ServiceGoldenArgs = {
  range?: InputMaybe<RangeInput>;
};


/** A service of the mesh and every pillar of what is known about it. */
export type ServiceDependenciesArgs = {
  direction?: InputMaybe<DependencyDirection>;
  range?: InputMaybe<RangeInput>;
};


/** A service of the mesh and every pillar of what is known about it. */
export type ServiceTracesArgs = {
  filter?: InputMaybe<TraceFilter>;
  range?: InputMaybe<RangeInput>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['Cursor']['input']>;
};


/** A service of the mesh and every pillar of what is known about it. */
export type ServiceLogsArgs = {
  filter?: InputMaybe<LogFilter>;
  range?: InputMaybe<RangeInput>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['Cursor']['input']>;
};


/** A service of the mesh and every pillar of what is known about it. */
export type ServiceLogVolumeArgs = {
  filter?: InputMaybe<LogFilter>;
  range?: InputMaybe<RangeInput>;
  maxPoints?: InputMaybe<Scalars['Int']['input']>;
};


/** A service of the mesh and every pillar of what is known about it. */
export type ServiceChangesArgs = {
  range?: InputMaybe<RangeInput>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** A service of the mesh and every pillar of what is known about it. */
export type ServiceAlertsArgs = {
  filter?: InputMaybe<AlertFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['Cursor']['input']>;
};

/** A page of services. */
export type ServiceConnection = {
  /** The range asked for. */
  readonly window: Window;
  /** Who answered. */
  readonly sources: ReadonlyArray<SourceStatus>;
  /** The services of the page; null when no source could answer. */
  readonly nodes?: Maybe<ReadonlyArray<Service>>;
  /** The same services with their cursors. */
  readonly edges?: Maybe<ReadonlyArray<ServiceEdge>>;
  /** Whether and where it goes on. */
  readonly pageInfo: PageInfo;
  /** Services that fit the filter, over all pages; null when no source could answer. */
  readonly totalCount?: Maybe<Scalars['Float']['output']>;
};

/** A service in a list. */
export type ServiceEdge = {
  /** Its place; null in a ranking. */
  readonly cursor?: Maybe<Scalars['Cursor']['output']>;
  /** The service. */
  readonly node: Service;
};

/** Whether and where a list goes on. */
export type PageInfo = {
  /** True when more follows. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** Cursor of the last entry of the page, for `after`; null when the page is empty or not known. */
  readonly endCursor?: Maybe<Scalars['Cursor']['output']>;
};

/** A link to the same thing in another tool. */
export type Link = {
  /** Which tool. */
  readonly kind: LinkKind;
  /** What it shows, for people. */
  readonly name: Scalars['String']['output'];
  /** Where it is. */
  readonly url: Scalars['String']['output'];
};

/** Tools that links go to. */
export type LinkKind =
  /** Prometheus' expression browser. */
  | 'PROMETHEUS'
  /** Jaeger's UI. */
  | 'JAEGER'
  /** Zipkin's UI. */
  | 'ZIPKIN'
  /** Kibana. */
  | 'KIBANA'
  /** Grafana. */
  | 'GRAFANA'
  /** Meshlens itself. */
  | 'MESHLENS'
  /** Slack. */
  | 'SLACK';

/** A configured backend and how it is. */
export type Source = {
  /** Its name in the configuration. */
  readonly name: Scalars['String']['output'];
  /** What it is. */
  readonly kind: SourceKind;
  /** Cluster whose telemetry it holds where its records do not say; null when not configured. */
  readonly cluster?: Maybe<Scalars['String']['output']>;
  /** How its last probe went. */
  readonly state: SourceState;
  /** Version it reports; null when it does not say or did not answer. */
  readonly version?: Maybe<Scalars['String']['output']>;
  /** Time of the probe in ms; null when it was not asked. */
  readonly latencyMs?: Maybe<Scalars['Float']['output']>;
  /** When it was probed. */
  readonly checkedAt: Scalars['DateTime']['output'];
  /** What failed and how to mend it; null when all is well. */
  readonly message?: Maybe<Scalars['String']['output']>;
  /** What it can do, in short fixed words such as `native-histograms`, `api-v3`, `shape:fluentd`; null when it did not answer. */
  readonly capabilities?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
};

/** One source's part in one answer. */
export type SourceStatus = {
  /** Its name in the configuration. */
  readonly name: Scalars['String']['output'];
  /** What it is. */
  readonly kind: SourceKind;
  /** How it took part. */
  readonly state: SourceState;
  /** Time of its slowest call for this answer in ms; null when it was not asked. */
  readonly latencyMs?: Maybe<Scalars['Float']['output']>;
  /** What failed and how to mend it; null when all is well. */
  readonly message?: Maybe<Scalars['String']['output']>;
};

/** Kinds of backends. */
export type SourceKind =
  /** Prometheus, or what speaks its API: Thanos, Mimir, VictoriaMetrics. */
  | 'PROMETHEUS'
  /** Jaeger. */
  | 'JAEGER'
  /** Zipkin. */
  | 'ZIPKIN'
  /** Elasticsearch. */
  | 'ELASTICSEARCH'
  /** Kubernetes' API server. */
  | 'KUBERNETES';

/** How a source took part in an answer. */
export type SourceState =
  /** It answered in full. */
  | 'OK'
  /** It answered, but not everything: shard failures, a partial response, warnings. */
  | 'DEGRADED'
  /** It did not answer before the deadline. */
  | 'TIMEOUT'
  /** It could not be reached, or its answer was no answer. */
  | 'UNAVAILABLE'
  /** It refused our credentials. */
  | 'UNAUTHORIZED'
  /** It asked to be left alone for a while. */
  | 'RATE_LIMITED'
  /** None is configured. */
  | 'NOT_CONFIGURED';

/**
 * Golden signals of a service or an edge. Seen by the callers (waypoint, else caller's proxy, else server's proxy): calls, not retry attempts,
 * including what never arrived. `server` has the same as the server's own proxy saw it.
 */
export type Golden = {
  /** Who answered. */
  readonly sources: ReadonlyArray<SourceStatus>;
  /** Calls over the whole range; null when there is no data (see `absence`). */
  readonly requestCount?: Maybe<Scalars['Float']['output']>;
  /** Calls per second. */
  readonly requestRate?: Maybe<Measure>;
  /** Failed / (calls - calls whose client outside went away), 0..1. */
  readonly errorRatio?: Maybe<Measure>;
  /** Client errors (4xx and their gRPC kin) / the same calls, 0..1. */
  readonly clientErrorRatio?: Maybe<Measure>;
  /** Latency quantiles in the order asked; null where there is no histogram or no data. */
  readonly latency?: Maybe<ReadonlyArray<LatencyMeasure>>;
  /** Failed calls split by cause, largest first; null when there is no data, empty when nothing failed. */
  readonly failures?: Maybe<ReadonlyArray<FailureCount>>;
  /** Client errors split by cause, largest first; null when there is no data, empty when there were none. */
  readonly clientErrors?: Maybe<ReadonlyArray<ClientErrorCount>>;
  /** Envoy's response flags, largest share first; null when there is no data, empty when no call had one. */
  readonly responseFlags?: Maybe<ReadonlyArray<ResponseFlag>>;
  /** The same as the server's own proxy saw it (attempts); its own `server` is itself. */
  readonly server: Golden;
  /** Why there are no request measures; null when there are. */
  readonly absence?: Maybe<Absence>;
};


/**
 * Golden signals of a service or an edge. Seen by the callers (waypoint, else caller's proxy, else server's proxy): calls, not retry attempts,
 * including what never arrived. `server` has the same as the server's own proxy saw it.
 */
export type GoldenLatencyArgs = {
  quantiles?: ReadonlyArray<Scalars['Float']['input']>;
};

/** A number over a range, and how it went. */
export type Measure = {
  /** Over the whole range; null when there is no data. */
  readonly value?: Maybe<Scalars['Float']['output']>;
  /** Unit of `value` and of the series. */
  readonly unit: MeasureUnit;
  /** The same over time; null when there is no data. */
  readonly series?: Maybe<Series>;
};


/** A number over a range, and how it went. */
export type MeasureSeriesArgs = {
  maxPoints?: InputMaybe<Scalars['Int']['input']>;
};

/** A quantile of latency over a range, and how it went. */
export type LatencyMeasure = {
  /** Which quantile, 0..1. */
  readonly quantile: Scalars['Float']['output'];
  /** Over the whole range; null when there is no data. */
  readonly value?: Maybe<Scalars['Float']['output']>;
  /** Always MILLISECONDS. */
  readonly unit: MeasureUnit;
  /** The same over time; null when there is no data. */
  readonly series?: Maybe<Series>;
};


/** A quantile of latency over a range, and how it went. */
export type LatencyMeasureSeriesArgs = {
  maxPoints?: InputMaybe<Scalars['Int']['input']>;
};

/** Units of measures. */
export type MeasureUnit =
  /** Calls per second. */
  | 'REQUESTS_PER_SECOND'
  /** A share, 0..1. */
  | 'RATIO'
  /** Milliseconds. */
  | 'MILLISECONDS';

/** Values over time in two columns of equal length. */
export type Series = {
  /** Epoch ms, rising. */
  readonly timestamps: ReadonlyArray<Scalars['Float']['output']>;
  /** One per timestamp; null is a gap. */
  readonly values: ReadonlyArray<Maybe<Scalars['Float']['output']>>;
};

/** Failed calls of one cause. */
export type FailureCount = {
  /** The cause. */
  readonly cause: FailureCause;
  /** Calls over the range. */
  readonly count: Scalars['Float']['output'];
};

/** Why a call counts as failed. */
export type FailureCause =
  /** The server answered 5xx. */
  | 'SERVER_ERROR'
  /** The server answered a gRPC status that blames it (2, 4, 8, 12, 13, 14, 15). */
  | 'GRPC_ERROR'
  /** The caller inside the mesh stopped waiting (`DC`). */
  | 'CALLER_GAVE_UP'
  /** A timeout of the mesh ended it (`UT`, `SI`, `DPE` and the like). */
  | 'TIMEOUT'
  /** No healthy instance to send it to (`UH`, `NC`). */
  | 'NO_ENDPOINTS'
  /** The connection failed or broke (`UF`, `UC`, `LR`, `UR`). */
  | 'CONNECTION_FAILED'
  /** Every retry failed (`URX`). */
  | 'RETRIES_EXHAUSTED'
  /** A limit on connections or requests in flight stopped it (`UO`). */
  | 'CIRCUIT_OPEN'
  /** An injected fault (`FI`, `DI`). */
  | 'FAULT_INJECTED'
  /** None of the others. */
  | 'OTHER';

/** Client errors of one cause. */
export type ClientErrorCount = {
  /** The cause. */
  readonly cause: ClientErrorCause;
  /** Calls over the range. */
  readonly count: Scalars['Float']['output'];
};

/** Why a call counts as the client's error. */
export type ClientErrorCause =
  /** Denied by a rule of the mesh where that can be told, or 403. */
  | 'DENIED'
  /** 401. */
  | 'UNAUTHENTICATED'
  /** No route matched (`NR`). */
  | 'NO_ROUTE'
  /** Rate limited (`RL`) or 429. */
  | 'RATE_LIMITED'
  /** Any other 4xx. */
  | 'OTHER';

/** One of Envoy's response flags. */
export type ResponseFlag = {
  /** Short flag, such as `UF`. */
  readonly flag: Scalars['String']['output'];
  /** What it means, for people. */
  readonly meaning: Scalars['String']['output'];
  /** Share of all calls with it, 0..1; a call may have several. */
  readonly share: Scalars['Float']['output'];
};

/** Why there are no request measures. */
export type Absence =
  /** Nothing was seen calling it in the range. */
  | 'NO_INBOUND'
  /** It speaks TCP only: connections and bytes, but no requests. */
  | 'TCP_ONLY'
  /** No metrics source is configured. */
  | 'NO_METRICS_SOURCE'
  /** The metrics sources did not answer. */
  | 'SOURCE_DOWN';

/** Which edges of a service. */
export type DependencyDirection =
  /** Calls to it. */
  | 'INBOUND'
  /** Calls it makes. */
  | 'OUTBOUND'
  /** Both. */
  | 'BOTH';

/** Edges of one service. */
export type Dependencies = {
  /** Who answered. */
  readonly sources: ReadonlyArray<SourceStatus>;
  /** The edges; null when no source could answer. */
  readonly edges?: Maybe<ReadonlyArray<Edge>>;
};

/** Who calls whom. */
export type ServiceGraph = {
  /** The range asked for. */
  readonly window: Window;
  /** Who answered. */
  readonly sources: ReadonlyArray<SourceStatus>;
  /** True when there were more edges than `maxEdges`: the heaviest are kept. */
  readonly truncated: Scalars['Boolean']['output'];
  /** Every end of an edge, and services without one; null when no source could answer. */
  readonly nodes?: Maybe<ReadonlyArray<GraphNode>>;
  /** The edges; null when no source could answer. */
  readonly edges?: Maybe<ReadonlyArray<Edge>>;
};

/** One end of an edge. */
export type GraphNode = {
  /** Unique in the graph and stable between answers; a SERVICE's is `Service.id`. */
  readonly id: Scalars['ID']['output'];
  /** What it is. */
  readonly kind: NodeKind;
  /** Name for people. */
  readonly label: Scalars['String']['output'];
  /** The service, for SERVICE and for a GATEWAY that is one; null otherwise, or where the caller may not see it. */
  readonly service?: Maybe<Service>;
  /** Golden signals of a SERVICE; null for other kinds. */
  readonly golden?: Maybe<Golden>;
};

/** What the end of an edge is. */
export type NodeKind =
  /** A service of the mesh. */
  | 'SERVICE'
  /** A caller without a service. */
  | 'WORKLOAD'
  /** An ingress or egress gateway. */
  | 'GATEWAY'
  /** A host outside that the mesh knows. */
  | 'EXTERNAL'
  /** Traffic to hosts the mesh does not know, let through. */
  | 'PASSTHROUGH'
  /** Traffic to hosts the mesh does not know, blocked. */
  | 'BLACK_HOLE'
  /** Not told by any label. */
  | 'UNKNOWN';

/** Traffic from one node to another by one protocol. */
export type Edge = {
  /** Who calls. */
  readonly source: GraphNode;
  /** Who is called. */
  readonly destination: GraphNode;
  /** How they speak. */
  readonly protocol: Protocol;
  /** Whose rows the measures of the callers' view come from. */
  readonly reporter: Reporter;
  /** Golden signals of the edge; null measures on TCP. */
  readonly golden: Golden;
  /** Envoy's response flags on the edge, largest share first; null when there is no data, empty when no call had one. */
  readonly responseFlags?: Maybe<ReadonlyArray<ResponseFlag>>;
  /** (attempts the server saw - calls the callers saw) / calls, at least 0; null unless both proxies report. */
  readonly retryRatio?: Maybe<Scalars['Float']['output']>;
  /** TCP connections opened per second; null when there is no data. */
  readonly connectionRate?: Maybe<Scalars['Float']['output']>;
  /** Connections closed with a failure flag / opened, 0..1. */
  readonly connectionErrorRatio?: Maybe<Scalars['Float']['output']>;
  /** Bytes from caller to server per second, TCP. */
  readonly sentBytesPerSecond?: Maybe<Scalars['Float']['output']>;
  /** Bytes from server to caller per second, TCP. */
  readonly receivedBytesPerSecond?: Maybe<Scalars['Float']['output']>;
  /** Share of calls over mutual TLS as the server's proxy saw it, 0..1; null where none says. */
  readonly mutualTlsRatio?: Maybe<Scalars['Float']['output']>;
};

/** How two nodes speak. */
export type Protocol =
  /** HTTP 1 to 3. */
  | 'HTTP'
  /** gRPC. */
  | 'GRPC'
  /** Anything else. */
  | 'TCP';

/** Whose telemetry shows an edge. */
export type Reporter =
  /** The caller's proxy. */
  | 'SOURCE'
  /** The server's proxy. */
  | 'DESTINATION'
  /** A waypoint between them. */
  | 'WAYPOINT'
  /** Traces only. */
  | 'TRACES';

/** Which objectives; the conditions given hold together. */
export type SloFilter = {
  /** Of services in one of these namespaces; at most 100. */
  readonly namespaces?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** Of this service. */
  readonly service?: InputMaybe<ServiceRefInput>;
  /** In one of these states. */
  readonly states?: InputMaybe<ReadonlyArray<SloState>>;
  /** Part of the name, upper and lower case alike; plain text. */
  readonly nameContains?: InputMaybe<Scalars['String']['input']>;
};

/** A page of objectives. */
export type SloConnection = {
  /** The objectives of the page; null while no objectives are configured. */
  readonly nodes?: Maybe<ReadonlyArray<Slo>>;
  /** The same objectives with their cursors. */
  readonly edges?: Maybe<ReadonlyArray<SloEdge>>;
  /** Whether and where it goes on. */
  readonly pageInfo: PageInfo;
};

/** An objective in a list. */
export type SloEdge = {
  /** Its place. */
  readonly cursor: Scalars['Cursor']['output'];
  /** The objective. */
  readonly node: Slo;
};

/** An objective: which share of calls shall be good over a period. */
export type Slo = Node & {
  /** Opaque; goes into `node(id:)`. */
  readonly id: Scalars['ID']['output'];
  /** Its name in the file it comes from. */
  readonly name: Scalars['String']['output'];
  /** The service it is about; null when no source knows that service or the caller may not see it. */
  readonly service?: Maybe<Service>;
  /** What counts as good. */
  readonly sli: SliKind;
  /** Share that shall be good, between 0 and 1. */
  readonly target: Scalars['Float']['output'];
  /** The period the share is over. */
  readonly window: Scalars['Duration']['output'];
  /** How its budget is. */
  readonly state: SloState;
  /** How its data is. */
  readonly dataState: DataState;
  /** What is the matter with its data, in words; null when nothing is. */
  readonly dataReason?: Maybe<Scalars['String']['output']>;
  /** When it was evaluated last; null before the first time. */
  readonly evaluatedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Good calls in the period; null when not known. */
  readonly goodCount?: Maybe<Scalars['Float']['output']>;
  /** Counted calls in the period; null when not known. */
  readonly totalCount?: Maybe<Scalars['Float']['output']>;
  /** What is left of its budget; null when not known. */
  readonly errorBudget?: Maybe<ErrorBudget>;
  /** The pairs of windows it is watched by; null before the first evaluation. */
  readonly burnConditions?: Maybe<ReadonlyArray<BurnCondition>>;
  /** Burn rate and budget over time; null when not known. */
  readonly history?: Maybe<SloHistory>;
  /** Where it is written. */
  readonly origin: SloOrigin;
};


/** An objective: which share of calls shall be good over a period. */
export type SloHistoryArgs = {
  range?: InputMaybe<RangeInput>;
  maxPoints?: InputMaybe<Scalars['Int']['input']>;
};

/** What counts as good. */
export type SliKind =
  /** Calls, or layer-4 connections, that did not fail. */
  | 'AVAILABILITY'
  /** Calls that were fast enough and did not fail. */
  | 'LATENCY'
  /** By queries written in the objective. */
  | 'CUSTOM';

/** How the budget of an objective is. */
export type SloState =
  /** Within budget, not burning. */
  | 'OK'
  /** Burning faster than the period allows. */
  | 'BURNING'
  /** Nothing is left. */
  | 'EXHAUSTED'
  /** Not known. */
  | 'UNKNOWN';

/** How the data of an objective is; says nothing about the incident. */
export type DataState =
  /** Counts came. */
  | 'OK'
  /** The source answered; there were no calls. */
  | 'IDLE'
  /** The source answered, but does not have the series. */
  | 'NO_DATA'
  /** The source did not answer, or cannot: `dataReason` says which. */
  | 'UNKNOWN';

/** What an objective may spend on failures. */
export type ErrorBudget = {
  /** Calls that may fail in the period. */
  readonly allowedCount?: Maybe<Scalars['Float']['output']>;
  /** Spent / allowed; may pass 1. */
  readonly consumedRatio?: Maybe<Scalars['Float']['output']>;
  /** 1 - consumedRatio; below 0 when overspent. */
  readonly remainingRatio?: Maybe<Scalars['Float']['output']>;
  /** When it will be spent at the present burn rate; null when it will not within the period. */
  readonly exhaustedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Share of the period with data, 0..1. */
  readonly coverage?: Maybe<Scalars['Float']['output']>;
};

/** A pair of windows with a threshold: met when both burn. */
export type BurnCondition = {
  /** Its name, such as `1h/5m`. */
  readonly tier: Scalars['String']['output'];
  /** What it raises. */
  readonly severity: Severity;
  /** Burn rate from which it is met; 1 spends exactly the budget over the period. */
  readonly threshold: Scalars['Float']['output'];
  /** The long window. */
  readonly long: BurnWindow;
  /** The short window, which ends the alarm soon after the cause. */
  readonly short: BurnWindow;
  /** Whether both windows are at the threshold with enough events. */
  readonly met: Scalars['Boolean']['output'];
};

/** Burn rate over one window. */
export type BurnWindow = {
  /** The window. */
  readonly window: Scalars['Duration']['output'];
  /** Burn rate; null when there were no events. */
  readonly value?: Maybe<Scalars['Float']['output']>;
};

/** How urgent. */
export type Severity =
  /** Wakes somebody. */
  | 'PAGE'
  /** Waits for working hours. */
  | 'TICKET';

/** Burn rate and budget over time, in columns of equal length. */
export type SloHistory = {
  /** Epoch ms, rising. */
  readonly timestamps: ReadonlyArray<Scalars['Float']['output']>;
  /** Burn rate; null is a gap. */
  readonly burnRate: ReadonlyArray<Maybe<Scalars['Float']['output']>>;
  /** Share of the budget left; null is a gap. */
  readonly budgetRemaining: ReadonlyArray<Maybe<Scalars['Float']['output']>>;
};

/** Where an objective is written. */
export type SloOrigin = {
  /** Format: `openslo`, `sloth`, `pyrra`, `meshlens` or `default`. */
  readonly kind: Scalars['String']['output'];
  /** The file; null for a default. */
  readonly file?: Maybe<Scalars['String']['output']>;
  /** Line in the file; null for a default. */
  readonly line?: Maybe<Scalars['Int']['output']>;
};

/** Which traces; the conditions given hold together. */
export type TraceFilter = {
  /** Only traces with a span in error. */
  readonly errorsOnly?: InputMaybe<Scalars['Boolean']['input']>;
  /** At least this long, in ms. */
  readonly minDurationMs?: InputMaybe<Scalars['Float']['input']>;
  /** At most this long, in ms. */
  readonly maxDurationMs?: InputMaybe<Scalars['Float']['input']>;
  /** With a span of the service of exactly this operation. */
  readonly operation?: InputMaybe<Scalars['String']['input']>;
  /** With one span of the service that has all these tags; at most 20. */
  readonly tags?: InputMaybe<ReadonlyArray<TagInput>>;
};

/** A tag of a span with its exact value. */
export type TagInput = {
  /** The tag's key. */
  readonly key: Scalars['String']['input'];
  /** Its value as text. */
  readonly value: Scalars['String']['input'];
};

/** A page of traces. */
export type TraceConnection = {
  /** Who answered. */
  readonly sources: ReadonlyArray<SourceStatus>;
  /** The traces of the page; null when no source could answer. */
  readonly nodes?: Maybe<ReadonlyArray<Trace>>;
  /** The same traces with their cursors. */
  readonly edges?: Maybe<ReadonlyArray<TraceEdge>>;
  /** Whether and where it goes on. */
  readonly pageInfo: PageInfo;
};

/** A trace in a list. */
export type TraceEdge = {
  /** Its place. */
  readonly cursor: Scalars['Cursor']['output'];
  /** The trace. */
  readonly node: Trace;
};

/** One request through the mesh, merged over all sources that hold it. */
export type Trace = {
  /** Who answered for this trace. */
  readonly sources: ReadonlyArray<SourceStatus>;
  /** 32 lower-case hex digits. */
  readonly traceId: Scalars['TraceId']['output'];
  /** Names of the sources that hold it. */
  readonly foundIn: ReadonlyArray<Scalars['String']['output']>;
  /** Start of its root span. */
  readonly startedAt: Scalars['DateTime']['output'];
  /** How long its caller waited, in ms: the root span, whatever went on after it had answered. Without a root, from the first start to the last end of the spans whose parents are missing. */
  readonly durationMs: Scalars['Float']['output'];
  /** False when a source cut it or the parent of a span is missing. */
  readonly complete: Scalars['Boolean']['output'];
  /** The span it begins with. */
  readonly root: TraceRoot;
  /** Number of its spans. */
  readonly spanCount: Scalars['Float']['output'];
  /** Number of its spans in error. */
  readonly errorCount: Scalars['Float']['output'];
  /** Services that took part. */
  readonly services: ReadonlyArray<Service>;
  /** The spans that decided its duration, in order; their `selfMs` add up to at most `durationMs`. */
  readonly criticalPath: ReadonlyArray<CriticalSpan>;
  /** Its spans, oldest start first. */
  readonly spans: ReadonlyArray<Span>;
  /** Log records of the trace, oldest first. */
  readonly logs: JoinedLogs;
  /** The same trace in other tools. */
  readonly links: ReadonlyArray<Link>;
};


/** One request through the mesh, merged over all sources that hold it. */
export type TraceLogsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** What a trace begins with. */
export type TraceRoot = {
  /** The service; null when the span's names fit none or the caller may not see it. */
  readonly service?: Maybe<Service>;
  /** Name of the operation. */
  readonly operation: Scalars['String']['output'];
};

/** A span's share of the critical path. */
export type CriticalSpan = {
  /** The span. */
  readonly spanId: Scalars['ID']['output'];
  /** Time in ms it alone decided. */
  readonly selfMs: Scalars['Float']['output'];
};

/** One step of a trace. */
export type Span = {
  /** 16 lower-case hex digits. */
  readonly spanId: Scalars['ID']['output'];
  /** The parent's id; null for a root. May name a span that no source holds. */
  readonly parentSpanId?: Maybe<Scalars['ID']['output']>;
  /** The service it ran in; null when its names fit none or the caller may not see it. */
  readonly service?: Maybe<Service>;
  /** What it did. */
  readonly operation: Scalars['String']['output'];
  /** Its role; null when not told. */
  readonly kind?: Maybe<SpanKind>;
  /** When it began. */
  readonly startedAt: Scalars['DateTime']['output'];
  /** How long it took, in ms. */
  readonly durationMs: Scalars['Float']['output'];
  /** Time in it that no child covers, in ms; overlapping children count once. */
  readonly selfMs: Scalars['Float']['output'];
  /** How it ended. */
  readonly status: SpanStatus;
  /** Its and its process's tags, by key. */
  readonly tags: ReadonlyArray<Tag>;
  /** What happened within it, oldest first. */
  readonly events: ReadonlyArray<SpanEvent>;
  /** Log records of the span, oldest first. */
  readonly logs: JoinedLogs;
};


/** One step of a trace. */
export type SpanLogsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** Role of a span. */
export type SpanKind =
  /** Work within a service. */
  | 'INTERNAL'
  /** Serving a call. */
  | 'SERVER'
  /** Making a call. */
  | 'CLIENT'
  /** Sending a message. */
  | 'PRODUCER'
  /** Taking a message. */
  | 'CONSUMER';

/** How a span ended. */
export type SpanStatus =
  /** Not told. */
  | 'UNSET'
  /** Told to be well. */
  | 'OK'
  /** By status or the `error` tag. */
  | 'ERROR';

/** A key with its value. */
export type Tag = {
  /** The key. */
  readonly key: Scalars['String']['output'];
  /** The value as text. */
  readonly value: Scalars['String']['output'];
};

/** Something noted at an instant within a span. */
export type SpanEvent = {
  /** When. */
  readonly at: Scalars['DateTime']['output'];
  /** What. */
  readonly name: Scalars['String']['output'];
  /** More about it, by key. */
  readonly attributes: ReadonlyArray<Tag>;
};

/** Log records joined to a trace or span. */
export type JoinedLogs = {
  /** Who answered. */
  readonly sources: ReadonlyArray<SourceStatus>;
  /** How they were joined; null when there are none or no source could answer. */
  readonly match?: Maybe<LogMatch>;
  /** The records, oldest first; null when no source could answer. */
  readonly nodes?: Maybe<ReadonlyArray<LogRecord>>;
};

/** How log records were joined to a trace or span, strongest first. */
export type LogMatch =
  /** By the trace's id. */
  | 'TRACE_ID'
  /** By the request's id (`x-request-id`). */
  | 'REQUEST_ID'
  /** By pod and time only: may hold lines of other requests. */
  | 'TIME_WINDOW';

/** State of a service's workloads in Kubernetes. */
export type Health = {
  /** Who answered; NOT_CONFIGURED where no Kubernetes source is configured. */
  readonly sources: ReadonlyArray<SourceStatus>;
  /** How it is; UNKNOWN when no source could answer. */
  readonly state: HealthState;
  /** Why it is not HEALTHY, in words, the gravest first; null when not known, empty when it is healthy. */
  readonly reasons?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** Its workloads; null when not known. */
  readonly workloads?: Maybe<ReadonlyArray<Workload>>;
};

/** How a service's workloads are. */
export type HealthState =
  /** As many instances are ready as are wanted, and nothing is wrong with one. */
  | 'HEALTHY'
  /** Some are missing, restarted lately or are not whole; others serve. */
  | 'DEGRADED'
  /** Instances are wanted and none is ready. */
  | 'DOWN'
  /** Scaled to zero on purpose. */
  | 'IDLE'
  /** Not known. */
  | 'UNKNOWN';

/** What runs a service: a Deployment, StatefulSet, DaemonSet and so on. */
export type Workload = {
  /** Kubernetes kind. */
  readonly kind: Scalars['String']['output'];
  /** Its name. */
  readonly name: Scalars['String']['output'];
  /** Instances wanted; null when the kind has none. */
  readonly desired?: Maybe<Scalars['Int']['output']>;
  /** Instances ready. */
  readonly ready?: Maybe<Scalars['Int']['output']>;
  /** Instances available. */
  readonly available?: Maybe<Scalars['Int']['output']>;
  /** Restarts of its containers since their pods began. */
  readonly restarts?: Maybe<Scalars['Float']['output']>;
  /** Images it runs. */
  readonly images: ReadonlyArray<Scalars['String']['output']>;
  /** Conditions as Kubernetes tells them. */
  readonly conditions: ReadonlyArray<WorkloadCondition>;
  /** Its present instances, by name. */
  readonly pods: ReadonlyArray<Pod>;
};

/** One instance of a workload. */
export type Pod = {
  /** Its name. */
  readonly name: Scalars['String']['output'];
  /** `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown` as Kubernetes says; `Terminating` for one that is being deleted. */
  readonly phase: Scalars['String']['output'];
  /** Whether it takes requests. */
  readonly ready: Scalars['Boolean']['output'];
  /** Restarts of its containers since it began. */
  readonly restarts: Scalars['Float']['output'];
  /** Node it runs on; null while it has none. */
  readonly node?: Maybe<Scalars['String']['output']>;
  /** When it began; null when not told. */
  readonly startedAt?: Maybe<Scalars['DateTime']['output']>;
  /** What is wrong with it, in words; empty when nothing is. */
  readonly reasons: ReadonlyArray<Scalars['String']['output']>;
};

/** A condition as Kubernetes tells it. */
export type WorkloadCondition = {
  /** Its type, such as `Available`. */
  readonly type: Scalars['String']['output'];
  /** `True`, `False` or `Unknown`. */
  readonly status: Scalars['String']['output'];
  /** Short word why; null when not told. */
  readonly reason?: Maybe<Scalars['String']['output']>;
  /** Sentence why; null when not told. */
  readonly message?: Maybe<Scalars['String']['output']>;
};

/** What was changed near a service. */
export type Changes = {
  /** Who answered; NOT_CONFIGURED where no Kubernetes source is configured. */
  readonly sources: ReadonlyArray<SourceStatus>;
  /** The changes, newest first; null when not known. */
  readonly nodes?: Maybe<ReadonlyArray<Change>>;
};

/**
 * A change in Kubernetes or the mesh's configuration, or something that befell a workload. One of a namespace you may not see is told without
 * its name, namespace and words. Values of the environment and of Secrets are never told.
 */
export type Change = {
  /** When. */
  readonly at: Scalars['DateTime']['output'];
  /** Kubernetes kind of what was changed. */
  readonly kind: Scalars['String']['output'];
  /** Its namespace; null for what has none, and where you may not see it. */
  readonly namespace?: Maybe<Scalars['String']['output']>;
  /** Its name. */
  readonly name: Scalars['String']['output'];
  /** What was changed, in one line. */
  readonly summary: Scalars['String']['output'];
  /** More of it; null when there is none. */
  readonly detail?: Maybe<Scalars['String']['output']>;
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;




/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  Node:
    | ( AlertParent )
    | ( DeliveryParent )
    | ( ServiceParent )
    | ( SloParent )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  AlertFilter: AlertFilter;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  AlertConnection: ResolverTypeWrapper<Omit<AlertConnection, 'nodes' | 'edges'> & { nodes?: Maybe<ReadonlyArray<ResolversTypes['Alert']>>, edges?: Maybe<ReadonlyArray<ResolversTypes['AlertEdge']>> }>;
  AlertEdge: ResolverTypeWrapper<Omit<AlertEdge, 'node'> & { node: ResolversTypes['Alert'] }>;
  Alert: ResolverTypeWrapper<AlertParent>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  AlertState: AlertState;
  AlertTransition: ResolverTypeWrapper<AlertTransition>;
  Evidence: ResolverTypeWrapper<EvidenceParent>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  EvidenceChart: ResolverTypeWrapper<Omit<EvidenceChart, 'burn'> & { burn: ReadonlyArray<ResolversTypes['EvidenceBurn']> }>;
  EvidenceBurn: ResolverTypeWrapper<EvidenceBurnParent>;
  EvidenceThreshold: ResolverTypeWrapper<EvidenceThreshold>;
  Suspect: ResolverTypeWrapper<SuspectParent>;
  SuspectGrade: SuspectGrade;
  EvidenceHealth: ResolverTypeWrapper<EvidenceHealthParent>;
  EvidenceTrace: ResolverTypeWrapper<EvidenceTraceParent>;
  LogPattern: ResolverTypeWrapper<LogPattern>;
  MissingEvidence: ResolverTypeWrapper<MissingEvidence>;
  EvidencePart: EvidencePart;
  Delivery: ResolverTypeWrapper<DeliveryParent>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  DeliveryState: DeliveryState;
  AcknowledgeAlertInput: AcknowledgeAlertInput;
  SilenceAlertInput: SilenceAlertInput;
  EndSilenceInput: EndSilenceInput;
  RetryDeliveryInput: RetryDeliveryInput;
  AcknowledgeAlertPayload: ResolverTypeWrapper<Omit<AcknowledgeAlertPayload, 'alert'> & { alert?: Maybe<ResolversTypes['Alert']> }>;
  SilenceAlertPayload: ResolverTypeWrapper<Omit<SilenceAlertPayload, 'alert'> & { alert?: Maybe<ResolversTypes['Alert']> }>;
  EndSilencePayload: ResolverTypeWrapper<Omit<EndSilencePayload, 'alert'> & { alert?: Maybe<ResolversTypes['Alert']> }>;
  RetryDeliveryPayload: ResolverTypeWrapper<Omit<RetryDeliveryPayload, 'delivery'> & { delivery?: Maybe<ResolversTypes['Delivery']> }>;
  UserError: ResolverTypeWrapper<UserError>;
  UserErrorCode: UserErrorCode;
  Diagnosis: ResolverTypeWrapper<DiagnosisParent>;
  IncidentGraph: ResolverTypeWrapper<IncidentGraphParent>;
  IncidentMeasure: IncidentMeasure;
  IncidentNode: ResolverTypeWrapper<IncidentNodeParent>;
  IncidentCall: ResolverTypeWrapper<IncidentCallParent>;
  IncidentRest: ResolverTypeWrapper<IncidentRestParent>;
  Verdict: Verdict;
  DiagnosisGrade: DiagnosisGrade;
  DiagnosedSuspect: ResolverTypeWrapper<DiagnosedSuspectParent>;
  SuspectPart: ResolverTypeWrapper<SuspectPart>;
  SuspectPartKind: SuspectPartKind;
  SuspectReason: ResolverTypeWrapper<SuspectReasonParent>;
  ReasonNumber: ResolverTypeWrapper<ReasonNumber>;
  ScorePiece: ResolverTypeWrapper<ScorePiece>;
  ClearedService: ResolverTypeWrapper<ClearedServiceParent>;
  MissingEvidencePart: ResolverTypeWrapper<MissingEvidencePart>;
  DiagnosedWindow: ResolverTypeWrapper<DiagnosedWindowParent>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  GrafanaTime: ResolverTypeWrapper<Scalars['GrafanaTime']['output']>;
  GrafanaChoice: ResolverTypeWrapper<Scalars['GrafanaChoice']['output']>;
  Grafana: ResolverTypeWrapper<GrafanaParent>;
  GrafanaMeasure: GrafanaMeasure;
  GrafanaVariable: GrafanaVariable;
  GrafanaSourceRow: ResolverTypeWrapper<GrafanaSourceRow>;
  GrafanaNodeRow: ResolverTypeWrapper<GrafanaNodeRow>;
  GrafanaEdgeRow: ResolverTypeWrapper<GrafanaEdgeRow>;
  GrafanaServiceRow: ResolverTypeWrapper<GrafanaServiceRow>;
  GrafanaSeriesRow: ResolverTypeWrapper<GrafanaSeriesRow>;
  GrafanaSloRow: ResolverTypeWrapper<GrafanaSloRow>;
  GrafanaSloPointRow: ResolverTypeWrapper<GrafanaSloPointRow>;
  GrafanaBurnRow: ResolverTypeWrapper<GrafanaBurnRow>;
  GrafanaAlertRow: ResolverTypeWrapper<GrafanaAlertRow>;
  GrafanaChangeRow: ResolverTypeWrapper<GrafanaChangeRow>;
  GrafanaLogRow: ResolverTypeWrapper<GrafanaLogRow>;
  GrafanaTraceRow: ResolverTypeWrapper<GrafanaTraceRow>;
  GrafanaLinkRow: ResolverTypeWrapper<GrafanaLinkRow>;
  GrafanaValueRow: ResolverTypeWrapper<GrafanaValueRow>;
  LogFilter: LogFilter;
  LogLines: LogLines;
  LogLevel: LogLevel;
  LogConnection: ResolverTypeWrapper<LogConnectionParent>;
  LogEdge: ResolverTypeWrapper<LogEdgeParent>;
  TotalCount: ResolverTypeWrapper<TotalCount>;
  TotalRelation: TotalRelation;
  LogRecord: ResolverTypeWrapper<LogRecordParent>;
  AccessLog: ResolverTypeWrapper<AccessLog>;
  LogVolume: ResolverTypeWrapper<LogVolumeParent>;
  LevelVolume: ResolverTypeWrapper<LevelVolume>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Node: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Node']>;
  Duration: ResolverTypeWrapper<Scalars['Duration']['output']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Cursor: ResolverTypeWrapper<Scalars['Cursor']['output']>;
  TraceId: ResolverTypeWrapper<Scalars['TraceId']['output']>;
  RangeInput: RangeInput;
  AbsoluteRangeInput: AbsoluteRangeInput;
  Window: ResolverTypeWrapper<WindowParent>;
  ServiceRefInput: ServiceRefInput;
  ServiceRef: ResolverTypeWrapper<ServiceRef>;
  ServiceFilter: ServiceFilter;
  ServiceTop: ServiceTop;
  ServiceRanking: ServiceRanking;
  Mesh: Mesh;
  Service: ResolverTypeWrapper<ServiceParent>;
  ServiceConnection: ResolverTypeWrapper<ServiceConnectionParent>;
  ServiceEdge: ResolverTypeWrapper<ServiceEdgeParent>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Link: ResolverTypeWrapper<Link>;
  LinkKind: LinkKind;
  Source: ResolverTypeWrapper<SourceParent>;
  SourceStatus: ResolverTypeWrapper<SourceStatusParent>;
  SourceKind: SourceKind;
  SourceState: SourceState;
  Golden: ResolverTypeWrapper<GoldenParent>;
  Measure: ResolverTypeWrapper<MeasureParent>;
  LatencyMeasure: ResolverTypeWrapper<LatencyMeasureParent>;
  MeasureUnit: MeasureUnit;
  Series: ResolverTypeWrapper<SeriesParent>;
  FailureCount: ResolverTypeWrapper<FailureCount>;
  FailureCause: FailureCause;
  ClientErrorCount: ResolverTypeWrapper<ClientErrorCount>;
  ClientErrorCause: ClientErrorCause;
  ResponseFlag: ResolverTypeWrapper<ResponseFlag>;
  Absence: Absence;
  DependencyDirection: DependencyDirection;
  Dependencies: ResolverTypeWrapper<DependenciesParent>;
  ServiceGraph: ResolverTypeWrapper<ServiceGraphParent>;
  GraphNode: ResolverTypeWrapper<GraphNodeParent>;
  NodeKind: NodeKind;
  Edge: ResolverTypeWrapper<EdgeParent>;
  Protocol: Protocol;
  Reporter: Reporter;
  SloFilter: SloFilter;
  SloConnection: ResolverTypeWrapper<Omit<SloConnection, 'nodes' | 'edges'> & { nodes?: Maybe<ReadonlyArray<ResolversTypes['Slo']>>, edges?: Maybe<ReadonlyArray<ResolversTypes['SloEdge']>> }>;
  SloEdge: ResolverTypeWrapper<Omit<SloEdge, 'node'> & { node: ResolversTypes['Slo'] }>;
  Slo: ResolverTypeWrapper<SloParent>;
  SliKind: SliKind;
  SloState: SloState;
  DataState: DataState;
  ErrorBudget: ResolverTypeWrapper<ErrorBudget>;
  BurnCondition: ResolverTypeWrapper<BurnCondition>;
  BurnWindow: ResolverTypeWrapper<BurnWindow>;
  Severity: Severity;
  SloHistory: ResolverTypeWrapper<SloHistory>;
  SloOrigin: ResolverTypeWrapper<SloOrigin>;
  TraceFilter: TraceFilter;
  TagInput: TagInput;
  TraceConnection: ResolverTypeWrapper<TraceConnectionParent>;
  TraceEdge: ResolverTypeWrapper<TraceEdgeParent>;
  Trace: ResolverTypeWrapper<TraceParent>;
  TraceRoot: ResolverTypeWrapper<TraceRootParent>;
  CriticalSpan: ResolverTypeWrapper<CriticalSpan>;
  Span: ResolverTypeWrapper<SpanParent>;
  SpanKind: SpanKind;
  SpanStatus: SpanStatus;
  Tag: ResolverTypeWrapper<Tag>;
  SpanEvent: ResolverTypeWrapper<SpanEventParent>;
  JoinedLogs: ResolverTypeWrapper<JoinedLogsParent>;
  LogMatch: LogMatch;
  Health: ResolverTypeWrapper<HealthParent>;
  HealthState: HealthState;
  Workload: ResolverTypeWrapper<WorkloadParent>;
  Pod: ResolverTypeWrapper<PodParent>;
  WorkloadCondition: ResolverTypeWrapper<WorkloadCondition>;
  Changes: ResolverTypeWrapper<ChangesParent>;
  Change: ResolverTypeWrapper<ChangeParent>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  AlertFilter: AlertFilter;
  String: Scalars['String']['output'];
  AlertConnection: Omit<AlertConnection, 'nodes' | 'edges'> & { nodes?: Maybe<ReadonlyArray<ResolversParentTypes['Alert']>>, edges?: Maybe<ReadonlyArray<ResolversParentTypes['AlertEdge']>> };
  AlertEdge: Omit<AlertEdge, 'node'> & { node: ResolversParentTypes['Alert'] };
  Alert: AlertParent;
  ID: Scalars['ID']['output'];
  AlertTransition: AlertTransition;
  Evidence: EvidenceParent;
  Boolean: Scalars['Boolean']['output'];
  Float: Scalars['Float']['output'];
  EvidenceChart: Omit<EvidenceChart, 'burn'> & { burn: ReadonlyArray<ResolversParentTypes['EvidenceBurn']> };
  EvidenceBurn: EvidenceBurnParent;
  EvidenceThreshold: EvidenceThreshold;
  Suspect: SuspectParent;
  EvidenceHealth: EvidenceHealthParent;
  EvidenceTrace: EvidenceTraceParent;
  LogPattern: LogPattern;
  MissingEvidence: MissingEvidence;
  Delivery: DeliveryParent;
  Int: Scalars['Int']['output'];
  AcknowledgeAlertInput: AcknowledgeAlertInput;
  SilenceAlertInput: SilenceAlertInput;
  EndSilenceInput: EndSilenceInput;
  RetryDeliveryInput: RetryDeliveryInput;
  AcknowledgeAlertPayload: Omit<AcknowledgeAlertPayload, 'alert'> & { alert?: Maybe<ResolversParentTypes['Alert']> };
  SilenceAlertPayload: Omit<SilenceAlertPayload, 'alert'> & { alert?: Maybe<ResolversParentTypes['Alert']> };
  EndSilencePayload: Omit<EndSilencePayload, 'alert'> & { alert?: Maybe<ResolversParentTypes['Alert']> };
  RetryDeliveryPayload: Omit<RetryDeliveryPayload, 'delivery'> & { delivery?: Maybe<ResolversParentTypes['Delivery']> };
  UserError: UserError;
  Diagnosis: DiagnosisParent;
  IncidentGraph: IncidentGraphParent;
  IncidentNode: IncidentNodeParent;
  IncidentCall: IncidentCallParent;
  IncidentRest: IncidentRestParent;
  DiagnosedSuspect: DiagnosedSuspectParent;
  SuspectPart: SuspectPart;
  SuspectReason: SuspectReasonParent;
  ReasonNumber: ReasonNumber;
  ScorePiece: ScorePiece;
  ClearedService: ClearedServiceParent;
  MissingEvidencePart: MissingEvidencePart;
  DiagnosedWindow: DiagnosedWindowParent;
  Query: Record<PropertyKey, never>;
  GrafanaTime: Scalars['GrafanaTime']['output'];
  GrafanaChoice: Scalars['GrafanaChoice']['output'];
  Grafana: GrafanaParent;
  GrafanaSourceRow: GrafanaSourceRow;
  GrafanaNodeRow: GrafanaNodeRow;
  GrafanaEdgeRow: GrafanaEdgeRow;
  GrafanaServiceRow: GrafanaServiceRow;
  GrafanaSeriesRow: GrafanaSeriesRow;
  GrafanaSloRow: GrafanaSloRow;
  GrafanaSloPointRow: GrafanaSloPointRow;
  GrafanaBurnRow: GrafanaBurnRow;
  GrafanaAlertRow: GrafanaAlertRow;
  GrafanaChangeRow: GrafanaChangeRow;
  GrafanaLogRow: GrafanaLogRow;
  GrafanaTraceRow: GrafanaTraceRow;
  GrafanaLinkRow: GrafanaLinkRow;
  GrafanaValueRow: GrafanaValueRow;
  LogFilter: LogFilter;
  LogConnection: LogConnectionParent;
  LogEdge: LogEdgeParent;
  TotalCount: TotalCount;
  LogRecord: LogRecordParent;
  AccessLog: AccessLog;
  LogVolume: LogVolumeParent;
  LevelVolume: LevelVolume;
  Mutation: Record<PropertyKey, never>;
  Subscription: Record<PropertyKey, never>;
  Node: ResolversInterfaceTypes<ResolversParentTypes>['Node'];
  Duration: Scalars['Duration']['output'];
  DateTime: Scalars['DateTime']['output'];
  Cursor: Scalars['Cursor']['output'];
  TraceId: Scalars['TraceId']['output'];
  RangeInput: RangeInput;
  AbsoluteRangeInput: AbsoluteRangeInput;
  Window: WindowParent;
  ServiceRefInput: ServiceRefInput;
  ServiceRef: ServiceRef;
  ServiceFilter: ServiceFilter;
  ServiceTop: ServiceTop;
  Service: ServiceParent;
  ServiceConnection: ServiceConnectionParent;
  ServiceEdge: ServiceEdgeParent;
  PageInfo: PageInfo;
  Link: Link;
  Source: SourceParent;
  SourceStatus: SourceStatusParent;
  Golden: GoldenParent;
  Measure: MeasureParent;
  LatencyMeasure: LatencyMeasureParent;
  Series: SeriesParent;
  FailureCount: FailureCount;
  ClientErrorCount: ClientErrorCount;
  ResponseFlag: ResponseFlag;
  Dependencies: DependenciesParent;
  ServiceGraph: ServiceGraphParent;
  GraphNode: GraphNodeParent;
  Edge: EdgeParent;
  SloFilter: SloFilter;
  SloConnection: Omit<SloConnection, 'nodes' | 'edges'> & { nodes?: Maybe<ReadonlyArray<ResolversParentTypes['Slo']>>, edges?: Maybe<ReadonlyArray<ResolversParentTypes['SloEdge']>> };
  SloEdge: Omit<SloEdge, 'node'> & { node: ResolversParentTypes['Slo'] };
  Slo: SloParent;
  ErrorBudget: ErrorBudget;
  BurnCondition: BurnCondition;
  BurnWindow: BurnWindow;
  SloHistory: SloHistory;
  SloOrigin: SloOrigin;
  TraceFilter: TraceFilter;
  TagInput: TagInput;
  TraceConnection: TraceConnectionParent;
  TraceEdge: TraceEdgeParent;
  Trace: TraceParent;
  TraceRoot: TraceRootParent;
  CriticalSpan: CriticalSpan;
  Span: SpanParent;
  Tag: Tag;
  SpanEvent: SpanEventParent;
  JoinedLogs: JoinedLogsParent;
  Health: HealthParent;
  Workload: WorkloadParent;
  Pod: PodParent;
  WorkloadCondition: WorkloadCondition;
  Changes: ChangesParent;
  Change: ChangeParent;
};

export type AlertConnectionResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['AlertConnection'] = ResolversParentTypes['AlertConnection']> = {
  nodes?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Alert']>>, ParentType, ContextType>;
  edges?: Resolver<Maybe<ReadonlyArray<ResolversTypes['AlertEdge']>>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type AlertEdgeResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['AlertEdge'] = ResolversParentTypes['AlertEdge']> = {
  cursor?: Resolver<ResolversTypes['Cursor'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Alert'], ParentType, ContextType>;
};

export type AlertResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Alert'] = ResolversParentTypes['Alert']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['AlertState'], ParentType, ContextType>;
  dataState?: Resolver<ResolversTypes['DataState'], ParentType, ContextType>;
  severity?: Resolver<ResolversTypes['Severity'], ParentType, ContextType>;
  summary?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  service?: Resolver<Maybe<ResolversTypes['Service']>, ParentType, ContextType>;
  slo?: Resolver<Maybe<ResolversTypes['Slo']>, ParentType, ContextType>;
  startedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  recoveredAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  resolvedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  acknowledgedBy?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  silencedUntil?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  transitions?: Resolver<ReadonlyArray<ResolversTypes['AlertTransition']>, ParentType, ContextType>;
  evidence?: Resolver<Maybe<ResolversTypes['Evidence']>, ParentType, ContextType>;
  deliveries?: Resolver<ReadonlyArray<ResolversTypes['Delivery']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type AlertTransitionResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['AlertTransition'] = ResolversParentTypes['AlertTransition']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  from?: Resolver<Maybe<ResolversTypes['AlertState']>, ParentType, ContextType>;
  to?: Resolver<ResolversTypes['AlertState'], ParentType, ContextType>;
  severity?: Resolver<ResolversTypes['Severity'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type EvidenceResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Evidence'] = ResolversParentTypes['Evidence']> = {
  takenAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  isGathered?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  burnConditions?: Resolver<ReadonlyArray<ResolversTypes['BurnCondition']>, ParentType, ContextType>;
  goodCount?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  budgetRemaining?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  chart?: Resolver<Maybe<ResolversTypes['EvidenceChart']>, ParentType, ContextType>;
  verdict?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  suspects?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Suspect']>>, ParentType, ContextType>;
  graph?: Resolver<Maybe<ResolversTypes['IncidentGraph']>, ParentType, ContextType>;
  traces?: Resolver<Maybe<ReadonlyArray<ResolversTypes['EvidenceTrace']>>, ParentType, ContextType>;
  logPatterns?: Resolver<Maybe<ReadonlyArray<ResolversTypes['LogPattern']>>, ParentType, ContextType>;
  changes?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Change']>>, ParentType, ContextType>;
  health?: Resolver<Maybe<ReadonlyArray<ResolversTypes['EvidenceHealth']>>, ParentType, ContextType>;
  links?: Resolver<ReadonlyArray<ResolversTypes['Link']>, ParentType, ContextType>;
  missing?: Resolver<ReadonlyArray<ResolversTypes['MissingEvidence']>, ParentType, ContextType>;
};

export type EvidenceChartResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['EvidenceChart'] = ResolversParentTypes['EvidenceChart']> = {
  timestamps?: Resolver<ReadonlyArray<ResolversTypes['Float']>, ParentType, ContextType>;
  errorRatio?: Resolver<ReadonlyArray<Maybe<ResolversTypes['Float']>>, ParentType, ContextType>;
  burn?: Resolver<ReadonlyArray<ResolversTypes['EvidenceBurn']>, ParentType, ContextType>;
  thresholds?: Resolver<ReadonlyArray<ResolversTypes['EvidenceThreshold']>, ParentType, ContextType>;
};

export type EvidenceBurnResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['EvidenceBurn'] = ResolversParentTypes['EvidenceBurn']> = {
  window?: Resolver<ResolversTypes['Duration'], ParentType, ContextType>;
  values?: Resolver<ReadonlyArray<Maybe<ResolversTypes['Float']>>, ParentType, ContextType>;
};

export type EvidenceThresholdResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['EvidenceThreshold'] = ResolversParentTypes['EvidenceThreshold']> = {
  tier?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  value?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type SuspectResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Suspect'] = ResolversParentTypes['Suspect']> = {
  service?: Resolver<Maybe<ResolversTypes['Service']>, ParentType, ContextType>;
  score?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  grade?: Resolver<ResolversTypes['SuspectGrade'], ParentType, ContextType>;
  reasons?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
};

export type EvidenceHealthResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['EvidenceHealth'] = ResolversParentTypes['EvidenceHealth']> = {
  service?: Resolver<Maybe<ResolversTypes['Service']>, ParentType, ContextType>;
  state?: Resolver<ResolversTypes['HealthState'], ParentType, ContextType>;
  reasons?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
};

export type EvidenceTraceResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['EvidenceTrace'] = ResolversParentTypes['EvidenceTrace']> = {
  traceId?: Resolver<ResolversTypes['TraceId'], ParentType, ContextType>;
  startedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  summary?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  durationMs?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  errorCount?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  links?: Resolver<ReadonlyArray<ResolversTypes['Link']>, ParentType, ContextType>;
};

export type LogPatternResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['LogPattern'] = ResolversParentTypes['LogPattern']> = {
  pattern?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  count?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  baselineCount?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  sample?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type MissingEvidenceResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['MissingEvidence'] = ResolversParentTypes['MissingEvidence']> = {
  part?: Resolver<ResolversTypes['EvidencePart'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['SourceState'], ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type DeliveryResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Delivery'] = ResolversParentTypes['Delivery']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  channel?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['DeliveryState'], ParentType, ContextType>;
  queuedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  attempts?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  sentAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  messageUrl?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  error?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type AcknowledgeAlertPayloadResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['AcknowledgeAlertPayload'] = ResolversParentTypes['AcknowledgeAlertPayload']> = {
  alert?: Resolver<Maybe<ResolversTypes['Alert']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type SilenceAlertPayloadResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['SilenceAlertPayload'] = ResolversParentTypes['SilenceAlertPayload']> = {
  alert?: Resolver<Maybe<ResolversTypes['Alert']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type EndSilencePayloadResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['EndSilencePayload'] = ResolversParentTypes['EndSilencePayload']> = {
  alert?: Resolver<Maybe<ResolversTypes['Alert']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type RetryDeliveryPayloadResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['RetryDeliveryPayload'] = ResolversParentTypes['RetryDeliveryPayload']> = {
  delivery?: Resolver<Maybe<ResolversTypes['Delivery']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type UserErrorResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['UserError'] = ResolversParentTypes['UserError']> = {
  field?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  code?: Resolver<ResolversTypes['UserErrorCode'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type DiagnosisResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Diagnosis'] = ResolversParentTypes['Diagnosis']> = {
  verdict?: Resolver<ResolversTypes['Verdict'], ParentType, ContextType>;
  sentence?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  suspects?: Resolver<ReadonlyArray<ResolversTypes['DiagnosedSuspect']>, ParentType, ContextType>;
  cleared?: Resolver<ReadonlyArray<ResolversTypes['ClearedService']>, ParentType, ContextType>;
  missing?: Resolver<ReadonlyArray<ResolversTypes['MissingEvidencePart']>, ParentType, ContextType>;
  incident?: Resolver<ResolversTypes['DiagnosedWindow'], ParentType, ContextType>;
  baseline?: Resolver<Maybe<ResolversTypes['DiagnosedWindow']>, ParentType, ContextType>;
  graph?: Resolver<ResolversTypes['IncidentGraph'], ParentType, ContextType>;
};

export type IncidentGraphResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['IncidentGraph'] = ResolversParentTypes['IncidentGraph']> = {
  measure?: Resolver<Maybe<ResolversTypes['IncidentMeasure']>, ParentType, ContextType>;
  basis?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['IncidentNode']>, ParentType, ContextType>;
  calls?: Resolver<ReadonlyArray<ResolversTypes['IncidentCall']>, ParentType, ContextType>;
  rest?: Resolver<ResolversTypes['IncidentRest'], ParentType, ContextType>;
  svg?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  words?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type IncidentNodeResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['IncidentNode'] = ResolversParentTypes['IncidentNode']> = {
  place?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  service?: Resolver<Maybe<ResolversTypes['Service']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  isSuffering?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  suspectRank?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type IncidentCallResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['IncidentCall'] = ResolversParentTypes['IncidentCall']> = {
  source?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  destination?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  callsPer100?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  failedRatio?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  failedRatioBefore?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  callMs?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  callMsBefore?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  excessFailedPer100?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  excessMs?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  weight?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type IncidentRestResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['IncidentRest'] = ResolversParentTypes['IncidentRest']> = {
  nodeCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  callCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  excessRatio?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type DiagnosedSuspectResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['DiagnosedSuspect'] = ResolversParentTypes['DiagnosedSuspect']> = {
  service?: Resolver<Maybe<ResolversTypes['Service']>, ParentType, ContextType>;
  part?: Resolver<Maybe<ResolversTypes['SuspectPart']>, ParentType, ContextType>;
  grade?: Resolver<ResolversTypes['DiagnosisGrade'], ParentType, ContextType>;
  score?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  standardError?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  probability?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  reasons?: Resolver<ReadonlyArray<ResolversTypes['SuspectReason']>, ParentType, ContextType>;
  pieces?: Resolver<ReadonlyArray<ResolversTypes['ScorePiece']>, ParentType, ContextType>;
  changes?: Resolver<ReadonlyArray<ResolversTypes['Change']>, ParentType, ContextType>;
};

export type SuspectPartResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['SuspectPart'] = ResolversParentTypes['SuspectPart']> = {
  kind?: Resolver<ResolversTypes['SuspectPartKind'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type SuspectReasonResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['SuspectReason'] = ResolversParentTypes['SuspectReason']> = {
  kind?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  sentence?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  numbers?: Resolver<ReadonlyArray<ResolversTypes['ReasonNumber']>, ParentType, ContextType>;
};

export type ReasonNumberResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['ReasonNumber'] = ResolversParentTypes['ReasonNumber']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  value?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
};

export type ScorePieceResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['ScorePiece'] = ResolversParentTypes['ScorePiece']> = {
  kind?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  share?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  incident?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  expected?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  credibility?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  weight?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  explained?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  standardError?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type ClearedServiceResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['ClearedService'] = ResolversParentTypes['ClearedService']> = {
  service?: Resolver<Maybe<ResolversTypes['Service']>, ParentType, ContextType>;
  sentence?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type MissingEvidencePartResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['MissingEvidencePart'] = ResolversParentTypes['MissingEvidencePart']> = {
  pillar?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type DiagnosedWindowResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['DiagnosedWindow'] = ResolversParentTypes['DiagnosedWindow']> = {
  window?: Resolver<ResolversTypes['Window'], ParentType, ContextType>;
  windowCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  traceCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  requestCount?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  badRatio?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  grafana?: Resolver<ResolversTypes['Grafana'], ParentType, ContextType, RequireFields<QueryGrafanaArgs, 'from' | 'to'>>;
  node?: Resolver<Maybe<ResolversTypes['Node']>, ParentType, ContextType, RequireFields<QueryNodeArgs, 'id'>>;
  service?: Resolver<Maybe<ResolversTypes['Service']>, ParentType, ContextType, RequireFields<QueryServiceArgs, 'ref'>>;
  services?: Resolver<ResolversTypes['ServiceConnection'], ParentType, ContextType, RequireFields<QueryServicesArgs, 'first'>>;
  serviceGraph?: Resolver<ResolversTypes['ServiceGraph'], ParentType, ContextType, RequireFields<QueryServiceGraphArgs, 'maxEdges'>>;
  trace?: Resolver<Maybe<ResolversTypes['Trace']>, ParentType, ContextType, RequireFields<QueryTraceArgs, 'traceId'>>;
  diagnosis?: Resolver<Maybe<ResolversTypes['Diagnosis']>, ParentType, ContextType, RequireFields<QueryDiagnosisArgs, 'service'>>;
  slos?: Resolver<ResolversTypes['SloConnection'], ParentType, ContextType, RequireFields<QuerySlosArgs, 'first'>>;
  alerts?: Resolver<ResolversTypes['AlertConnection'], ParentType, ContextType, RequireFields<QueryAlertsArgs, 'first'>>;
  deliveries?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Delivery']>>, ParentType, ContextType, RequireFields<QueryDeliveriesArgs, 'states' | 'first'>>;
  sources?: Resolver<ReadonlyArray<ResolversTypes['Source']>, ParentType, ContextType>;
};

export interface GrafanaTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['GrafanaTime'], any> {
  name: 'GrafanaTime';
}

export interface GrafanaChoiceScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['GrafanaChoice'], any> {
  name: 'GrafanaChoice';
}

export type GrafanaResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Grafana'] = ResolversParentTypes['Grafana']> = {
  sources?: Resolver<ReadonlyArray<ResolversTypes['GrafanaSourceRow']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['GrafanaNodeRow']>, ParentType, ContextType, RequireFields<GrafanaNodesArgs, 'maxNodes'>>;
  edges?: Resolver<ReadonlyArray<ResolversTypes['GrafanaEdgeRow']>, ParentType, ContextType, RequireFields<GrafanaEdgesArgs, 'maxNodes'>>;
  services?: Resolver<ReadonlyArray<ResolversTypes['GrafanaServiceRow']>, ParentType, ContextType, Partial<GrafanaServicesArgs>>;
  series?: Resolver<ReadonlyArray<ResolversTypes['GrafanaSeriesRow']>, ParentType, ContextType, RequireFields<GrafanaSeriesArgs, 'measure' | 'maxPoints'>>;
  slos?: Resolver<ReadonlyArray<ResolversTypes['GrafanaSloRow']>, ParentType, ContextType, Partial<GrafanaSlosArgs>>;
  sloHistory?: Resolver<ReadonlyArray<ResolversTypes['GrafanaSloPointRow']>, ParentType, ContextType, RequireFields<GrafanaSloHistoryArgs, 'maxPoints'>>;
  burns?: Resolver<ReadonlyArray<ResolversTypes['GrafanaBurnRow']>, ParentType, ContextType, Partial<GrafanaBurnsArgs>>;
  alerts?: Resolver<ReadonlyArray<ResolversTypes['GrafanaAlertRow']>, ParentType, ContextType, Partial<GrafanaAlertsArgs>>;
  changes?: Resolver<ReadonlyArray<ResolversTypes['GrafanaChangeRow']>, ParentType, ContextType, Partial<GrafanaChangesArgs>>;
  logs?: Resolver<ReadonlyArray<ResolversTypes['GrafanaLogRow']>, ParentType, ContextType, RequireFields<GrafanaLogsArgs, 'first'>>;
  traces?: Resolver<ReadonlyArray<ResolversTypes['GrafanaTraceRow']>, ParentType, ContextType, RequireFields<GrafanaTracesArgs, 'errorsOnly' | 'first'>>;
  links?: Resolver<ReadonlyArray<ResolversTypes['GrafanaLinkRow']>, ParentType, ContextType, Partial<GrafanaLinksArgs>>;
  values?: Resolver<ReadonlyArray<ResolversTypes['GrafanaValueRow']>, ParentType, ContextType, RequireFields<GrafanaValuesArgs, 'of'>>;
};

export type GrafanaSourceRowResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['GrafanaSourceRow'] = ResolversParentTypes['GrafanaSourceRow']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  latencyMs?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  time?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type GrafanaNodeRowResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['GrafanaNodeRow'] = ResolversParentTypes['GrafanaNodeRow']> = {
  id?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  subtitle?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  mainstat?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  secondarystat?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  arc__ok?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  arc__client?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  arc__failed?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  arc__nodata?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  icon?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  detail__kind?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  detail__cluster?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  detail__namespace?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  detail__service?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  detail__p95ms?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  truncated?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type GrafanaEdgeRowResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['GrafanaEdgeRow'] = ResolversParentTypes['GrafanaEdgeRow']> = {
  id?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  source?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  target?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  mainstat?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  secondarystat?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  thickness?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  color?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  strokedasharray?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  detail__protocol?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  detail__reporter?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  detail__p95ms?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  detail__mtls?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  truncated?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type GrafanaServiceRowResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['GrafanaServiceRow'] = ResolversParentTypes['GrafanaServiceRow']> = {
  cluster?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  namespace?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  service?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  mesh?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  requestsPerSecond?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  errorRatio?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  clientErrorRatio?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  p50Ms?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  p95Ms?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  p99Ms?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  absence?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  sloState?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  budgetRemaining?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type GrafanaSeriesRowResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['GrafanaSeriesRow'] = ResolversParentTypes['GrafanaSeriesRow']> = {
  time?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  cluster?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  namespace?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  service?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  value?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type GrafanaSloRowResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['GrafanaSloRow'] = ResolversParentTypes['GrafanaSloRow']> = {
  cluster?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  namespace?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  service?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  slo?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  sli?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  target?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  windowDays?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  dataState?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  goodCount?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  goodRatio?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  budgetRemaining?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  exhaustedAt?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  burning?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  evaluatedAt?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type GrafanaSloPointRowResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['GrafanaSloPointRow'] = ResolversParentTypes['GrafanaSloPointRow']> = {
  time?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  namespace?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  service?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  slo?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  burnRate?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  budgetRemaining?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type GrafanaBurnRowResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['GrafanaBurnRow'] = ResolversParentTypes['GrafanaBurnRow']> = {
  namespace?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  service?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  slo?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  tier?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  severity?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  threshold?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  longWindow?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  long?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  shortWindow?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  short?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  met?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type GrafanaAlertRowResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['GrafanaAlertRow'] = ResolversParentTypes['GrafanaAlertRow']> = {
  id?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  time?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  timeEnd?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  text?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  tags?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  color?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  cluster?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  namespace?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  service?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  slo?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  severity?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type GrafanaChangeRowResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['GrafanaChangeRow'] = ResolversParentTypes['GrafanaChangeRow']> = {
  id?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  time?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  timeEnd?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  text?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  tags?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  color?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  namespace?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type GrafanaLogRowResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['GrafanaLogRow'] = ResolversParentTypes['GrafanaLogRow']> = {
  timestamp?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  body?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  level?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  namespace?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  service?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  pod?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  container?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  traceId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  kibanaUrl?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type GrafanaTraceRowResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['GrafanaTraceRow'] = ResolversParentTypes['GrafanaTraceRow']> = {
  traceId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  startTime?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  durationMs?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  namespace?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  service?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  operation?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  spanCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  errorCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  services?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  foundIn?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  url?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  kibanaUrl?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type GrafanaLinkRowResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['GrafanaLinkRow'] = ResolversParentTypes['GrafanaLinkRow']> = {
  kind?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  url?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  namespace?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  service?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type GrafanaValueRowResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['GrafanaValueRow'] = ResolversParentTypes['GrafanaValueRow']> = {
  value?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  text?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type LogConnectionResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['LogConnection'] = ResolversParentTypes['LogConnection']> = {
  sources?: Resolver<ReadonlyArray<ResolversTypes['SourceStatus']>, ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['TotalCount']>, ParentType, ContextType>;
  nodes?: Resolver<Maybe<ReadonlyArray<ResolversTypes['LogRecord']>>, ParentType, ContextType>;
  edges?: Resolver<Maybe<ReadonlyArray<ResolversTypes['LogEdge']>>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type LogEdgeResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['LogEdge'] = ResolversParentTypes['LogEdge']> = {
  cursor?: Resolver<Maybe<ResolversTypes['Cursor']>, ParentType, ContextType>;
  node?: Resolver<ResolversTypes['LogRecord'], ParentType, ContextType>;
};

export type TotalCountResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['TotalCount'] = ResolversParentTypes['TotalCount']> = {
  value?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  relation?: Resolver<ResolversTypes['TotalRelation'], ParentType, ContextType>;
};

export type LogRecordResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['LogRecord'] = ResolversParentTypes['LogRecord']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  level?: Resolver<ResolversTypes['LogLevel'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  pod?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  container?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  service?: Resolver<Maybe<ResolversTypes['Service']>, ParentType, ContextType>;
  traceId?: Resolver<Maybe<ResolversTypes['TraceId']>, ParentType, ContextType>;
  spanId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  requestId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  trace?: Resolver<Maybe<ResolversTypes['Trace']>, ParentType, ContextType>;
  source?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  accessLog?: Resolver<Maybe<ResolversTypes['AccessLog']>, ParentType, ContextType>;
  links?: Resolver<ReadonlyArray<ResolversTypes['Link']>, ParentType, ContextType>;
};

export type AccessLogResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['AccessLog'] = ResolversParentTypes['AccessLog']> = {
  method?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  path?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  protocol?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  responseCode?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  responseFlags?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  responseCodeDetails?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  durationMs?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  bytesReceived?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  bytesSent?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  upstreamCluster?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  upstreamHost?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  authority?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  userAgent?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type LogVolumeResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['LogVolume'] = ResolversParentTypes['LogVolume']> = {
  sources?: Resolver<ReadonlyArray<ResolversTypes['SourceStatus']>, ParentType, ContextType>;
  timestamps?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Float']>>, ParentType, ContextType>;
  byLevel?: Resolver<Maybe<ReadonlyArray<ResolversTypes['LevelVolume']>>, ParentType, ContextType>;
};

export type LevelVolumeResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['LevelVolume'] = ResolversParentTypes['LevelVolume']> = {
  level?: Resolver<ResolversTypes['LogLevel'], ParentType, ContextType>;
  values?: Resolver<ReadonlyArray<ResolversTypes['Float']>, ParentType, ContextType>;
};

export type MutationResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  acknowledgeAlert?: Resolver<ResolversTypes['AcknowledgeAlertPayload'], ParentType, ContextType, RequireFields<MutationAcknowledgeAlertArgs, 'input'>>;
  silenceAlert?: Resolver<ResolversTypes['SilenceAlertPayload'], ParentType, ContextType, RequireFields<MutationSilenceAlertArgs, 'input'>>;
  endSilence?: Resolver<ResolversTypes['EndSilencePayload'], ParentType, ContextType, RequireFields<MutationEndSilenceArgs, 'input'>>;
  retryDelivery?: Resolver<ResolversTypes['RetryDeliveryPayload'], ParentType, ContextType, RequireFields<MutationRetryDeliveryArgs, 'input'>>;
};

export type SubscriptionResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  alertChanged?: SubscriptionResolver<ResolversTypes['Alert'], "alertChanged", ParentType, ContextType, Partial<SubscriptionAlertChangedArgs>>;
};

export type NodeResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Node'] = ResolversParentTypes['Node']> = {
  __resolveType?: TypeResolveFn<'Alert' | 'Delivery' | 'Service' | 'Slo', ParentType, ContextType>;
};

export interface DurationScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Duration'], any> {
  name: 'Duration';
}

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export interface CursorScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Cursor'], any> {
  name: 'Cursor';
}

export interface TraceIdScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['TraceId'], any> {
  name: 'TraceId';
}

export type WindowResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Window'] = ResolversParentTypes['Window']> = {
  from?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  to?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  stepMs?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type ServiceRefResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['ServiceRef'] = ResolversParentTypes['ServiceRef']> = {
  cluster?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  namespace?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ServiceResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Service'] = ResolversParentTypes['Service']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  ref?: Resolver<ResolversTypes['ServiceRef'], ParentType, ContextType>;
  mesh?: Resolver<Maybe<ResolversTypes['Mesh']>, ParentType, ContextType>;
  window?: Resolver<ResolversTypes['Window'], ParentType, ContextType>;
  golden?: Resolver<ResolversTypes['Golden'], ParentType, ContextType, Partial<ServiceGoldenArgs>>;
  dependencies?: Resolver<ResolversTypes['Dependencies'], ParentType, ContextType, RequireFields<ServiceDependenciesArgs, 'direction'>>;
  traces?: Resolver<ResolversTypes['TraceConnection'], ParentType, ContextType, RequireFields<ServiceTracesArgs, 'first'>>;
  logs?: Resolver<ResolversTypes['LogConnection'], ParentType, ContextType, RequireFields<ServiceLogsArgs, 'first'>>;
  logVolume?: Resolver<ResolversTypes['LogVolume'], ParentType, ContextType, RequireFields<ServiceLogVolumeArgs, 'maxPoints'>>;
  health?: Resolver<ResolversTypes['Health'], ParentType, ContextType>;
  changes?: Resolver<ResolversTypes['Changes'], ParentType, ContextType, RequireFields<ServiceChangesArgs, 'first'>>;
  slos?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Slo']>>, ParentType, ContextType>;
  alerts?: Resolver<ResolversTypes['AlertConnection'], ParentType, ContextType, RequireFields<ServiceAlertsArgs, 'first'>>;
  links?: Resolver<ReadonlyArray<ResolversTypes['Link']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ServiceConnectionResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['ServiceConnection'] = ResolversParentTypes['ServiceConnection']> = {
  window?: Resolver<ResolversTypes['Window'], ParentType, ContextType>;
  sources?: Resolver<ReadonlyArray<ResolversTypes['SourceStatus']>, ParentType, ContextType>;
  nodes?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Service']>>, ParentType, ContextType>;
  edges?: Resolver<Maybe<ReadonlyArray<ResolversTypes['ServiceEdge']>>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
};

export type ServiceEdgeResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['ServiceEdge'] = ResolversParentTypes['ServiceEdge']> = {
  cursor?: Resolver<Maybe<ResolversTypes['Cursor']>, ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Service'], ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  endCursor?: Resolver<Maybe<ResolversTypes['Cursor']>, ParentType, ContextType>;
};

export type LinkResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Link'] = ResolversParentTypes['Link']> = {
  kind?: Resolver<ResolversTypes['LinkKind'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  url?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type SourceResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Source'] = ResolversParentTypes['Source']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['SourceKind'], ParentType, ContextType>;
  cluster?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  state?: Resolver<ResolversTypes['SourceState'], ParentType, ContextType>;
  version?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  latencyMs?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  checkedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  capabilities?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
};

export type SourceStatusResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['SourceStatus'] = ResolversParentTypes['SourceStatus']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['SourceKind'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['SourceState'], ParentType, ContextType>;
  latencyMs?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type GoldenResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Golden'] = ResolversParentTypes['Golden']> = {
  sources?: Resolver<ReadonlyArray<ResolversTypes['SourceStatus']>, ParentType, ContextType>;
  requestCount?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  requestRate?: Resolver<Maybe<ResolversTypes['Measure']>, ParentType, ContextType>;
  errorRatio?: Resolver<Maybe<ResolversTypes['Measure']>, ParentType, ContextType>;
  clientErrorRatio?: Resolver<Maybe<ResolversTypes['Measure']>, ParentType, ContextType>;
  latency?: Resolver<Maybe<ReadonlyArray<ResolversTypes['LatencyMeasure']>>, ParentType, ContextType, RequireFields<GoldenLatencyArgs, 'quantiles'>>;
  failures?: Resolver<Maybe<ReadonlyArray<ResolversTypes['FailureCount']>>, ParentType, ContextType>;
  clientErrors?: Resolver<Maybe<ReadonlyArray<ResolversTypes['ClientErrorCount']>>, ParentType, ContextType>;
  responseFlags?: Resolver<Maybe<ReadonlyArray<ResolversTypes['ResponseFlag']>>, ParentType, ContextType>;
  server?: Resolver<ResolversTypes['Golden'], ParentType, ContextType>;
  absence?: Resolver<Maybe<ResolversTypes['Absence']>, ParentType, ContextType>;
};

export type MeasureResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Measure'] = ResolversParentTypes['Measure']> = {
  value?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  unit?: Resolver<ResolversTypes['MeasureUnit'], ParentType, ContextType>;
  series?: Resolver<Maybe<ResolversTypes['Series']>, ParentType, ContextType, RequireFields<MeasureSeriesArgs, 'maxPoints'>>;
};

export type LatencyMeasureResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['LatencyMeasure'] = ResolversParentTypes['LatencyMeasure']> = {
  quantile?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  value?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  unit?: Resolver<ResolversTypes['MeasureUnit'], ParentType, ContextType>;
  series?: Resolver<Maybe<ResolversTypes['Series']>, ParentType, ContextType, RequireFields<LatencyMeasureSeriesArgs, 'maxPoints'>>;
};

export type SeriesResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Series'] = ResolversParentTypes['Series']> = {
  timestamps?: Resolver<ReadonlyArray<ResolversTypes['Float']>, ParentType, ContextType>;
  values?: Resolver<ReadonlyArray<Maybe<ResolversTypes['Float']>>, ParentType, ContextType>;
};

export type FailureCountResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['FailureCount'] = ResolversParentTypes['FailureCount']> = {
  cause?: Resolver<ResolversTypes['FailureCause'], ParentType, ContextType>;
  count?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type ClientErrorCountResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['ClientErrorCount'] = ResolversParentTypes['ClientErrorCount']> = {
  cause?: Resolver<ResolversTypes['ClientErrorCause'], ParentType, ContextType>;
  count?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type ResponseFlagResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['ResponseFlag'] = ResolversParentTypes['ResponseFlag']> = {
  flag?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  meaning?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  share?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type DependenciesResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Dependencies'] = ResolversParentTypes['Dependencies']> = {
  sources?: Resolver<ReadonlyArray<ResolversTypes['SourceStatus']>, ParentType, ContextType>;
  edges?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Edge']>>, ParentType, ContextType>;
};

export type ServiceGraphResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['ServiceGraph'] = ResolversParentTypes['ServiceGraph']> = {
  window?: Resolver<ResolversTypes['Window'], ParentType, ContextType>;
  sources?: Resolver<ReadonlyArray<ResolversTypes['SourceStatus']>, ParentType, ContextType>;
  truncated?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  nodes?: Resolver<Maybe<ReadonlyArray<ResolversTypes['GraphNode']>>, ParentType, ContextType>;
  edges?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Edge']>>, ParentType, ContextType>;
};

export type GraphNodeResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['GraphNode'] = ResolversParentTypes['GraphNode']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['NodeKind'], ParentType, ContextType>;
  label?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  service?: Resolver<Maybe<ResolversTypes['Service']>, ParentType, ContextType>;
  golden?: Resolver<Maybe<ResolversTypes['Golden']>, ParentType, ContextType>;
};

export type EdgeResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Edge'] = ResolversParentTypes['Edge']> = {
  source?: Resolver<ResolversTypes['GraphNode'], ParentType, ContextType>;
  destination?: Resolver<ResolversTypes['GraphNode'], ParentType, ContextType>;
  protocol?: Resolver<ResolversTypes['Protocol'], ParentType, ContextType>;
  reporter?: Resolver<ResolversTypes['Reporter'], ParentType, ContextType>;
  golden?: Resolver<ResolversTypes['Golden'], ParentType, ContextType>;
  responseFlags?: Resolver<Maybe<ReadonlyArray<ResolversTypes['ResponseFlag']>>, ParentType, ContextType>;
  retryRatio?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  connectionRate?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  connectionErrorRatio?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  sentBytesPerSecond?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  receivedBytesPerSecond?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  mutualTlsRatio?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
};

export type SloConnectionResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['SloConnection'] = ResolversParentTypes['SloConnection']> = {
  nodes?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Slo']>>, ParentType, ContextType>;
  edges?: Resolver<Maybe<ReadonlyArray<ResolversTypes['SloEdge']>>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type SloEdgeResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['SloEdge'] = ResolversParentTypes['SloEdge']> = {
  cursor?: Resolver<ResolversTypes['Cursor'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Slo'], ParentType, ContextType>;
};

export type SloResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Slo'] = ResolversParentTypes['Slo']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  service?: Resolver<Maybe<ResolversTypes['Service']>, ParentType, ContextType>;
  sli?: Resolver<ResolversTypes['SliKind'], ParentType, ContextType>;
  target?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  window?: Resolver<ResolversTypes['Duration'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['SloState'], ParentType, ContextType>;
  dataState?: Resolver<ResolversTypes['DataState'], ParentType, ContextType>;
  dataReason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  evaluatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  goodCount?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  errorBudget?: Resolver<Maybe<ResolversTypes['ErrorBudget']>, ParentType, ContextType>;
  burnConditions?: Resolver<Maybe<ReadonlyArray<ResolversTypes['BurnCondition']>>, ParentType, ContextType>;
  history?: Resolver<Maybe<ResolversTypes['SloHistory']>, ParentType, ContextType, RequireFields<SloHistoryArgs, 'maxPoints'>>;
  origin?: Resolver<ResolversTypes['SloOrigin'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ErrorBudgetResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['ErrorBudget'] = ResolversParentTypes['ErrorBudget']> = {
  allowedCount?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  consumedRatio?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  remainingRatio?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  exhaustedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  coverage?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
};

export type BurnConditionResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['BurnCondition'] = ResolversParentTypes['BurnCondition']> = {
  tier?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  severity?: Resolver<ResolversTypes['Severity'], ParentType, ContextType>;
  threshold?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  long?: Resolver<ResolversTypes['BurnWindow'], ParentType, ContextType>;
  short?: Resolver<ResolversTypes['BurnWindow'], ParentType, ContextType>;
  met?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type BurnWindowResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['BurnWindow'] = ResolversParentTypes['BurnWindow']> = {
  window?: Resolver<ResolversTypes['Duration'], ParentType, ContextType>;
  value?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
};

export type SloHistoryResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['SloHistory'] = ResolversParentTypes['SloHistory']> = {
  timestamps?: Resolver<ReadonlyArray<ResolversTypes['Float']>, ParentType, ContextType>;
  burnRate?: Resolver<ReadonlyArray<Maybe<ResolversTypes['Float']>>, ParentType, ContextType>;
  budgetRemaining?: Resolver<ReadonlyArray<Maybe<ResolversTypes['Float']>>, ParentType, ContextType>;
};

export type SloOriginResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['SloOrigin'] = ResolversParentTypes['SloOrigin']> = {
  kind?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  file?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  line?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type TraceConnectionResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['TraceConnection'] = ResolversParentTypes['TraceConnection']> = {
  sources?: Resolver<ReadonlyArray<ResolversTypes['SourceStatus']>, ParentType, ContextType>;
  nodes?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Trace']>>, ParentType, ContextType>;
  edges?: Resolver<Maybe<ReadonlyArray<ResolversTypes['TraceEdge']>>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type TraceEdgeResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['TraceEdge'] = ResolversParentTypes['TraceEdge']> = {
  cursor?: Resolver<ResolversTypes['Cursor'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Trace'], ParentType, ContextType>;
};

export type TraceResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Trace'] = ResolversParentTypes['Trace']> = {
  sources?: Resolver<ReadonlyArray<ResolversTypes['SourceStatus']>, ParentType, ContextType>;
  traceId?: Resolver<ResolversTypes['TraceId'], ParentType, ContextType>;
  foundIn?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  startedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  durationMs?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  root?: Resolver<ResolversTypes['TraceRoot'], ParentType, ContextType>;
  spanCount?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  errorCount?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  services?: Resolver<ReadonlyArray<ResolversTypes['Service']>, ParentType, ContextType>;
  criticalPath?: Resolver<ReadonlyArray<ResolversTypes['CriticalSpan']>, ParentType, ContextType>;
  spans?: Resolver<ReadonlyArray<ResolversTypes['Span']>, ParentType, ContextType>;
  logs?: Resolver<ResolversTypes['JoinedLogs'], ParentType, ContextType, RequireFields<TraceLogsArgs, 'first'>>;
  links?: Resolver<ReadonlyArray<ResolversTypes['Link']>, ParentType, ContextType>;
};

export type TraceRootResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['TraceRoot'] = ResolversParentTypes['TraceRoot']> = {
  service?: Resolver<Maybe<ResolversTypes['Service']>, ParentType, ContextType>;
  operation?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type CriticalSpanResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['CriticalSpan'] = ResolversParentTypes['CriticalSpan']> = {
  spanId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  selfMs?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type SpanResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Span'] = ResolversParentTypes['Span']> = {
  spanId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  parentSpanId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  service?: Resolver<Maybe<ResolversTypes['Service']>, ParentType, ContextType>;
  operation?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind?: Resolver<Maybe<ResolversTypes['SpanKind']>, ParentType, ContextType>;
  startedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  durationMs?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  selfMs?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['SpanStatus'], ParentType, ContextType>;
  tags?: Resolver<ReadonlyArray<ResolversTypes['Tag']>, ParentType, ContextType>;
  events?: Resolver<ReadonlyArray<ResolversTypes['SpanEvent']>, ParentType, ContextType>;
  logs?: Resolver<ResolversTypes['JoinedLogs'], ParentType, ContextType, RequireFields<SpanLogsArgs, 'first'>>;
};

export type TagResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Tag'] = ResolversParentTypes['Tag']> = {
  key?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  value?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type SpanEventResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['SpanEvent'] = ResolversParentTypes['SpanEvent']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  attributes?: Resolver<ReadonlyArray<ResolversTypes['Tag']>, ParentType, ContextType>;
};

export type JoinedLogsResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['JoinedLogs'] = ResolversParentTypes['JoinedLogs']> = {
  sources?: Resolver<ReadonlyArray<ResolversTypes['SourceStatus']>, ParentType, ContextType>;
  match?: Resolver<Maybe<ResolversTypes['LogMatch']>, ParentType, ContextType>;
  nodes?: Resolver<Maybe<ReadonlyArray<ResolversTypes['LogRecord']>>, ParentType, ContextType>;
};

export type HealthResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Health'] = ResolversParentTypes['Health']> = {
  sources?: Resolver<ReadonlyArray<ResolversTypes['SourceStatus']>, ParentType, ContextType>;
  state?: Resolver<ResolversTypes['HealthState'], ParentType, ContextType>;
  reasons?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  workloads?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Workload']>>, ParentType, ContextType>;
};

export type WorkloadResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Workload'] = ResolversParentTypes['Workload']> = {
  kind?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  desired?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  ready?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  available?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  restarts?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  images?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  conditions?: Resolver<ReadonlyArray<ResolversTypes['WorkloadCondition']>, ParentType, ContextType>;
  pods?: Resolver<ReadonlyArray<ResolversTypes['Pod']>, ParentType, ContextType>;
};

export type PodResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Pod'] = ResolversParentTypes['Pod']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  phase?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  ready?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  restarts?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  node?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  startedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  reasons?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
};

export type WorkloadConditionResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['WorkloadCondition'] = ResolversParentTypes['WorkloadCondition']> = {
  type?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ChangesResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Changes'] = ResolversParentTypes['Changes']> = {
  sources?: Resolver<ReadonlyArray<ResolversTypes['SourceStatus']>, ParentType, ContextType>;
  nodes?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Change']>>, ParentType, ContextType>;
};

export type ChangeResolvers<ContextType = GraphqlContext, ParentType extends ResolversParentTypes['Change'] = ResolversParentTypes['Change']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  namespace?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  summary?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  detail?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type Resolvers<ContextType = GraphqlContext> = {
  AlertConnection?: AlertConnectionResolvers<ContextType>;
  AlertEdge?: AlertEdgeResolvers<ContextType>;
  Alert?: AlertResolvers<ContextType>;
  AlertTransition?: AlertTransitionResolvers<ContextType>;
  Evidence?: EvidenceResolvers<ContextType>;
  EvidenceChart?: EvidenceChartResolvers<ContextType>;
  EvidenceBurn?: EvidenceBurnResolvers<ContextType>;
  EvidenceThreshold?: EvidenceThresholdResolvers<ContextType>;
  Suspect?: SuspectResolvers<ContextType>;
  EvidenceHealth?: EvidenceHealthResolvers<ContextType>;
  EvidenceTrace?: EvidenceTraceResolvers<ContextType>;
  LogPattern?: LogPatternResolvers<ContextType>;
  MissingEvidence?: MissingEvidenceResolvers<ContextType>;
  Delivery?: DeliveryResolvers<ContextType>;
  AcknowledgeAlertPayload?: AcknowledgeAlertPayloadResolvers<ContextType>;
  SilenceAlertPayload?: SilenceAlertPayloadResolvers<ContextType>;
  EndSilencePayload?: EndSilencePayloadResolvers<ContextType>;
  RetryDeliveryPayload?: RetryDeliveryPayloadResolvers<ContextType>;
  UserError?: UserErrorResolvers<ContextType>;
  Diagnosis?: DiagnosisResolvers<ContextType>;
  IncidentGraph?: IncidentGraphResolvers<ContextType>;
  IncidentNode?: IncidentNodeResolvers<ContextType>;
  IncidentCall?: IncidentCallResolvers<ContextType>;
  IncidentRest?: IncidentRestResolvers<ContextType>;
  DiagnosedSuspect?: DiagnosedSuspectResolvers<ContextType>;
  SuspectPart?: SuspectPartResolvers<ContextType>;
  SuspectReason?: SuspectReasonResolvers<ContextType>;
  ReasonNumber?: ReasonNumberResolvers<ContextType>;
  ScorePiece?: ScorePieceResolvers<ContextType>;
  ClearedService?: ClearedServiceResolvers<ContextType>;
  MissingEvidencePart?: MissingEvidencePartResolvers<ContextType>;
  DiagnosedWindow?: DiagnosedWindowResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  GrafanaTime?: GraphQLScalarType;
  GrafanaChoice?: GraphQLScalarType;
  Grafana?: GrafanaResolvers<ContextType>;
  GrafanaSourceRow?: GrafanaSourceRowResolvers<ContextType>;
  GrafanaNodeRow?: GrafanaNodeRowResolvers<ContextType>;
  GrafanaEdgeRow?: GrafanaEdgeRowResolvers<ContextType>;
  GrafanaServiceRow?: GrafanaServiceRowResolvers<ContextType>;
  GrafanaSeriesRow?: GrafanaSeriesRowResolvers<ContextType>;
  GrafanaSloRow?: GrafanaSloRowResolvers<ContextType>;
  GrafanaSloPointRow?: GrafanaSloPointRowResolvers<ContextType>;
  GrafanaBurnRow?: GrafanaBurnRowResolvers<ContextType>;
  GrafanaAlertRow?: GrafanaAlertRowResolvers<ContextType>;
  GrafanaChangeRow?: GrafanaChangeRowResolvers<ContextType>;
  GrafanaLogRow?: GrafanaLogRowResolvers<ContextType>;
  GrafanaTraceRow?: GrafanaTraceRowResolvers<ContextType>;
  GrafanaLinkRow?: GrafanaLinkRowResolvers<ContextType>;
  GrafanaValueRow?: GrafanaValueRowResolvers<ContextType>;
  LogConnection?: LogConnectionResolvers<ContextType>;
  LogEdge?: LogEdgeResolvers<ContextType>;
  TotalCount?: TotalCountResolvers<ContextType>;
  LogRecord?: LogRecordResolvers<ContextType>;
  AccessLog?: AccessLogResolvers<ContextType>;
  LogVolume?: LogVolumeResolvers<ContextType>;
  LevelVolume?: LevelVolumeResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  Node?: NodeResolvers<ContextType>;
  Duration?: GraphQLScalarType;
  DateTime?: GraphQLScalarType;
  Cursor?: GraphQLScalarType;
  TraceId?: GraphQLScalarType;
  Window?: WindowResolvers<ContextType>;
  ServiceRef?: ServiceRefResolvers<ContextType>;
  Service?: ServiceResolvers<ContextType>;
  ServiceConnection?: ServiceConnectionResolvers<ContextType>;
  ServiceEdge?: ServiceEdgeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Link?: LinkResolvers<ContextType>;
  Source?: SourceResolvers<ContextType>;
  SourceStatus?: SourceStatusResolvers<ContextType>;
  Golden?: GoldenResolvers<ContextType>;
  Measure?: MeasureResolvers<ContextType>;
  LatencyMeasure?: LatencyMeasureResolvers<ContextType>;
  Series?: SeriesResolvers<ContextType>;
  FailureCount?: FailureCountResolvers<ContextType>;
  ClientErrorCount?: ClientErrorCountResolvers<ContextType>;
  ResponseFlag?: ResponseFlagResolvers<ContextType>;
  Dependencies?: DependenciesResolvers<ContextType>;
  ServiceGraph?: ServiceGraphResolvers<ContextType>;
  GraphNode?: GraphNodeResolvers<ContextType>;
  Edge?: EdgeResolvers<ContextType>;
  SloConnection?: SloConnectionResolvers<ContextType>;
  SloEdge?: SloEdgeResolvers<ContextType>;
  Slo?: SloResolvers<ContextType>;
  ErrorBudget?: ErrorBudgetResolvers<ContextType>;
  BurnCondition?: BurnConditionResolvers<ContextType>;
  BurnWindow?: BurnWindowResolvers<ContextType>;
  SloHistory?: SloHistoryResolvers<ContextType>;
  SloOrigin?: SloOriginResolvers<ContextType>;
  TraceConnection?: TraceConnectionResolvers<ContextType>;
  TraceEdge?: TraceEdgeResolvers<ContextType>;
  Trace?: TraceResolvers<ContextType>;
  TraceRoot?: TraceRootResolvers<ContextType>;
  CriticalSpan?: CriticalSpanResolvers<ContextType>;
  Span?: SpanResolvers<ContextType>;
  Tag?: TagResolvers<ContextType>;
  SpanEvent?: SpanEventResolvers<ContextType>;
  JoinedLogs?: JoinedLogsResolvers<ContextType>;
  Health?: HealthResolvers<ContextType>;
  Workload?: WorkloadResolvers<ContextType>;
  Pod?: PodResolvers<ContextType>;
  WorkloadCondition?: WorkloadConditionResolvers<ContextType>;
  Changes?: ChangesResolvers<ContextType>;
  Change?: ChangeResolvers<ContextType>;
};

