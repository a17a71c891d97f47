// What to do while nothing listens where the tail reads: it goes on by itself when the server is back.
import type { LinesEvent, TailEvent } from '../../stream/events.js';
import type { Target } from '../../target/target.js';

/** Gives one hint an outage, at its first refused connection. On AWS there is nothing to start. */
export function createOutageHint({
  kind,
  endpoint,
}: Pick<Target, 'kind' | 'endpoint'>): (event: TailEvent | LinesEvent) => string | undefined {
  let isTold = false;
  return (event) => {
    if (event.type === 'batch') isTold = false;
    if (kind === 'aws' || event.type !== 'retry' || event.error !== 'ECONNREFUSED' || isTold)
      return undefined;
    isTold = true;
    return kind === 'local'
      ? 'the engine has stopped; this tail goes on after: ddbcdc local start'
      : `nothing listens at ${endpoint ?? 'the endpoint'}; when it does, this tail goes on`;
  };
}
