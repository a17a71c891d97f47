// The library: what `import … from 'ddbcdc'` gives. An explicit list; everything else is internal.
export { CliError, EXIT, type ExitCode } from './errors.js';
export type { BatchResponse, ChangeHandler, LambdaContext } from './lambda/handler/types.js';
export * from './model/index.js';
export type {
  BatchEvent,
  ChangeEvent,
  EndEvent,
  GapEvent,
  LedgerSnapshot,
  RecoveryEvent,
  RetryEvent,
  ShardEvent,
  StallEvent,
  StartEvent,
  SwitchEvent,
  TailEvent,
} from './stream/events.js';
export { compileFilter } from './stream/filter/index.js';
export { tailStream } from './stream/tail.js';
export type { TailCheckpoint, TailOptions, TailPosition, TailRange } from './stream/tail-options.js';
