// CloudWatch's embedded metric format: a log line that carries its own metrics, so that dashboards need no code.

/** Metrics of one batch; the units are part of the directive. */
export interface BatchMetrics {
  readonly Records: number;
  readonly Undecodable: number;
  readonly Failures: number;
  readonly DecodeMs: number;
  readonly BatchMs: number;
  readonly IteratorAgeMs: number;
}

const METRICS = [
  { Name: 'Records', Unit: 'Count' },
  { Name: 'Undecodable', Unit: 'Count' },
  { Name: 'Failures', Unit: 'Count' },
  { Name: 'DecodeMs', Unit: 'Milliseconds' },
  { Name: 'BatchMs', Unit: 'Milliseconds' },
  { Name: 'IteratorAgeMs', Unit: 'Milliseconds' },
] as const;

/**
 * The members that make a log line an embedded-metric document in namespace `ddbcdc` with the one dimension
 * `FunctionName`. `atMs` is the batch's time, ms since the epoch.
 */
export function metricMembers(functionName: string, atMs: number, metrics: BatchMetrics): object {
  return {
    _aws: {
      Timestamp: atMs,
      CloudWatchMetrics: [{ Namespace: 'ddbcdc', Dimensions: [['FunctionName']], Metrics: METRICS }],
    },
    FunctionName: functionName,
    ...metrics,
  };
}
