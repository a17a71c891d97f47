// CloudWatch's embedded metric format: a log line that carries its own metrics, so that dashboards need no code.

/** The fields of a batch's line that are metrics, under their names with a capital: `Records`, `DecodeMs`. */
const FIELDS = ['records', 'undecodable', 'failures', 'decodeMs', 'batchMs', 'iteratorAgeMs'] as const;

type MetricFields = Readonly<Record<(typeof FIELDS)[number], number>>;

/**
 * The members that make a batch's line an embedded-metric document in namespace `ddbcdc` with the one dimension
 * `FunctionName`. `atMs` is the line's time, ms since the epoch.
 */
export function metricMembers(functionName: string, atMs: number, fields: MetricFields): object {
  const metrics = FIELDS.map((field) => ({
    Name: field.charAt(0).toUpperCase() + field.slice(1),
    Unit: field.endsWith('Ms') ? 'Milliseconds' : 'Count',
  }));
  return {
    _aws: {
      Timestamp: atMs,
      CloudWatchMetrics: [{ Namespace: 'ddbcdc', Dimensions: [['FunctionName']], Metrics: metrics }],
    },
    FunctionName: functionName,
    ...Object.fromEntries(metrics.map(({ Name }, index) => [Name, fields[FIELDS[index] ?? 'records']])),
  };
}
