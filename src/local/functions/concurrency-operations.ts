// Reserved concurrency: how many invocations of one function may run at once.
import type { EngineResponse } from '../service.js';
import { FieldReader, parseBody } from './fields.js';
import { type FunctionParts, findFunction } from './function-operations.js';
import { json, NO_CONTENT, type RestInput, type Route, route } from './rest.js';

const MAX_RESERVED = 1000;
const SET = '/2017-10-31/functions/{FunctionName}/concurrency';
const GET = '/2019-09-30/functions/{FunctionName}/concurrency';

export function concurrencyRoutes(parts: Pick<FunctionParts, 'context' | 'functions'>): readonly Route[] {
  const { functions } = parts;
  const find = ({ path }: RestInput) => findFunction(parts, path.FunctionName ?? '').record;

  async function put(input: RestInput): Promise<EngineResponse> {
    const record = find(input);
    const body = new FieldReader(parseBody(input.request.body));
    const reservedConcurrency = body.integer('ReservedConcurrentExecutions', 0, MAX_RESERVED);
    if (reservedConcurrency === undefined) throw body.invalid('ReservedConcurrentExecutions is required');
    await functions.save({ ...record, reservedConcurrency });
    return json(200, { ReservedConcurrentExecutions: reservedConcurrency });
  }

  async function get(input: RestInput): Promise<EngineResponse> {
    const limit = find(input).reservedConcurrency;
    return json(200, limit === undefined ? {} : { ReservedConcurrentExecutions: limit });
  }

  async function remove(input: RestInput): Promise<EngineResponse> {
    const { reservedConcurrency: _, ...record } = find(input);
    await functions.save(record);
    return NO_CONTENT;
  }

  return [route('PUT', SET, put), route('GET', GET, get), route('DELETE', SET, remove)];
}
