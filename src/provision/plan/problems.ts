// What is wrong with a stack, as `status --check` judges it. Pure.

import type { ResourceKind } from '../stack.js';
import type { StackStatus } from '../status.js';

export interface Problem {
  readonly resource: ResourceKind | 'engine' | 'stream';
  readonly text: string;
  /** The command that mends it, where there is one. */
  readonly hint: string;
}

type Facts = Omit<StackStatus, 'problems'>;

/** The commands that mend, for this stack where it is. */
export interface Remedies {
  /** Such as `ddbcdc init --table Orders`. */
  readonly init: string;
  /** Shows what the function's errors were. */
  readonly logs: string;
}

export const PLAIN_REMEDIES: Remedies = { init: 'ddbcdc init', logs: 'ddbcdc logs --errors' };

/** `expectedFunction` is the function that there should be; without it, a table alone is a whole stack. */
export function findProblems(
  facts: Facts,
  expectedFunction: string | undefined,
  remedies: Remedies = PLAIN_REMEDIES,
): Problem[] {
  return [
    ...engineProblems(facts),
    ...tableProblems(facts, remedies),
    ...functionProblems(facts, expectedFunction, remedies),
    ...mappingProblems(facts, remedies),
  ];
}

function engineProblems({ engine }: Facts): Problem[] {
  if (engine === undefined || engine.running) return [];
  return [
    {
      resource: 'engine',
      text: engine.crashed
        ? 'the engine ended without stopping; its data is complete'
        : 'the engine is stopped',
      hint: 'ddbcdc local start',
    },
  ];
}

function tableProblems({ engine, table, stream, stack }: Facts, { init }: Remedies): Problem[] {
  if (engine?.running === false) return [];
  if (table === undefined) {
    return [{ resource: 'table', text: `there is no table ${stack}`, hint: init }];
  }
  if (table.status !== 'ACTIVE' && table.status !== 'UPDATING') {
    return [{ resource: 'table', text: `the table is ${table.status}`, hint: 'wait, then look again' }];
  }
  if (table.viewType === undefined || stream === undefined) {
    return [{ resource: 'stream', text: 'the table has no stream', hint: `${init} enables it` }];
  }
  return [];
}

function functionProblems(
  { engine, function: found, mappings }: Facts,
  expected: string | undefined,
  { init }: Remedies,
): Problem[] {
  if (engine?.running === false) return [];
  if (found === undefined) {
    return expected === undefined && mappings.length === 0
      ? []
      : [
          {
            resource: 'function',
            text: `there is no function ${expected ?? ''}`.trimEnd(),
            hint: init,
          },
        ];
  }
  // Lambda lets a function sleep that was not called for weeks, and wakes it at the next call.
  if (found.state !== 'Active' && found.state !== 'Inactive') {
    const reason = found.stateReason === undefined ? '' : `: ${found.stateReason}`;
    return [{ resource: 'function', text: `the function is ${found.state}${reason}`, hint: init }];
  }
  if (found.lastUpdateStatus === 'Failed') {
    const reason = found.lastUpdateReason === undefined ? '' : `: ${found.lastUpdateReason}`;
    return [{ resource: 'function', text: `its last update failed${reason}`, hint: init }];
  }
  return [];
}

function mappingProblems({ table, function: found, mappings }: Facts, { init, logs }: Remedies): Problem[] {
  if (found === undefined) return [];
  const live = mappings.filter(({ streamArn }) => streamArn === table?.streamArn);
  const dead = mappings.length - live.length;
  return [
    ...(live.length === 0
      ? [
          {
            resource: 'mapping',
            text: 'no mapping feeds the function from the stream',
            hint: init,
          } as const,
        ]
      : []),
    ...(dead > 0
      ? [
          {
            resource: 'mapping',
            text: `${dead === 1 ? 'a mapping is' : `${dead} mappings are`} left on a stream that is no longer the table's`,
            hint: `${init} binds it anew`,
          } as const,
        ]
      : []),
    ...live.flatMap(({ state, lastResult = '' }): Problem[] => {
      if (state !== 'Enabled') {
        return [{ resource: 'mapping', text: `the mapping is ${state}`, hint: `${init} enables it` }];
      }
      return lastResult.startsWith('PROBLEM')
        ? [{ resource: 'mapping', text: `its last batch: ${lastResult}`, hint: logs }]
        : [];
    }),
  ];
}
