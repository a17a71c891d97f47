// Puts the faults between the server and the services: each call is drawn for, held up, ended or changed as the plan says.
import type { EngineServices } from '../engine-services.js';
import { type EngineRequest, type EngineResponse, type EngineService, ServiceError } from '../service.js';
import { expiredIterator, ITERATOR_LIFE_MS, readIterator } from '../streams/iterator.js';
import { partOfBatch } from './batch-faults.js';
import { ConnectionCut } from './connection-cut.js';
import { type FaultDraw, type FaultPlan, findDraw } from './fault-plan.js';
import type { FaultyCall } from './faulty-call.js';
import { faultyListing } from './listing-faults.js';
import { type FaultyService, lambdaOperation } from './operations.js';
import { faultyPage, PageMemory, trimAhead } from './record-faults.js';
import { readBody, withBody } from './service-body.js';
import { internalError, throttlingError } from './service-errors.js';

/** The services behind the plan's faults; the engine's own operations never meet one. */
export function withFaults(services: EngineServices, plan: FaultPlan, now: () => number): EngineServices {
  const memory = new PageMemory();

  function faulty(service: FaultyService): EngineService {
    const inner = services[service];
    return {
      handle(request) {
        const operation = request.operation ?? lambdaOperation(request.method, request.path) ?? '';
        const draws = plan.draw(operation);
        const isRemembered = operation === 'GetRecords' && plan.has('duplicate');
        if (draws.length === 0 && !isRemembered) return inner.handle(request);
        const call: FaultyCall = {
          service,
          operation,
          request,
          inner: (changed) => inner.handle(changed),
          ask: (other, name, body) => services[other].handle(withBody({ ...request, operation: name }, body)),
          now,
        };
        return runFaulty(plan, draws, call, (limited) => shapeAnswer(draws, limited, memory));
      },
      close: () => inner.close(),
    };
  }

  return {
    ...services,
    dynamodb: faulty('dynamodb'),
    streams: faulty('streams'),
    lambda: faulty('lambda'),
    logs: faulty('logs'),
    busy: () => services.busy(),
    close: () => services.close(),
  };
}

/**
 * Runs an invocation by an event source mapping under the rules for Invoke. A cut is an error of the service to Lambda's
 * own poller. What it rejects with otherwise is the invocation's own.
 */
export async function invokeWithFaults<T>(plan: FaultPlan, run: () => Promise<T>): Promise<T> {
  const draws = plan.draw('Invoke');
  if (draws.length === 0) return run();
  try {
    for (const draw of draws) if (draw.rule.kind === 'delay') await delay(plan, draw);
    for (const draw of draws) {
      if (draw.rule.kind === 'delay') continue;
      draw.fire();
      if (draw.rule.kind === 'throttle') throw throttlingError('lambda', 'Invoke', () => draw.random());
      if (draw.random() < 0.5) await run();
      throw internalError('lambda');
    }
    return await run();
  } finally {
    for (const draw of draws) draw.settle();
  }
}

async function runFaulty(
  plan: FaultPlan,
  draws: readonly FaultDraw[],
  given: FaultyCall,
  carryOut: (call: FaultyCall) => Promise<EngineResponse>,
): Promise<EngineResponse> {
  try {
    for (const draw of draws) if (draw.rule.kind === 'delay') await delay(plan, draw, given.request.signal);
    const call = { ...given, request: limitPage(draws, given.request) };
    for (const draw of draws) await stop(draw, call, () => carryOut(call));
    return await carryOut(call);
  } finally {
    for (const draw of draws) draw.settle();
  }
}

async function delay(plan: FaultPlan, draw: FaultDraw, signal?: AbortSignal): Promise<void> {
  draw.fire();
  await plan.delay(draw, signal);
}

/** Throws what ends the call, if the fault is of that kind and possible here. */
async function stop(
  draw: FaultDraw,
  call: FaultyCall,
  carryOut: () => Promise<EngineResponse>,
): Promise<void> {
  const { service, operation, request, now } = call;
  switch (draw.rule.kind) {
    case 'throttle':
      draw.fire();
      throw throttlingError(service, operation, () => draw.random());
    case 'error':
      // As on AWS, a 500 does not say whether a write was done.
      if (draw.random() < 0.5) {
        const answer = await carryOut();
        // What the caller did wrong is no fault of the service: it is said as it is.
        if (answer.status >= 400) throw refusal(answer);
      }
      draw.fire();
      throw internalError(service);
    case 'cut':
      draw.fire();
      if (draw.random() < 0.5) await carryOut().catch(() => undefined);
      throw new ConnectionCut();
    case 'expire': {
      readIterator(readBody(request.body)?.ShardIterator, now());
      draw.fire();
      throw expiredIterator(now() - ITERATOR_LIFE_MS - 1_000, now());
    }
    case 'trim':
      return trimAhead(draw, call);
    case 'page-error':
      if (typeof readBody(request.body)?.ExclusiveStartShardId !== 'string') return;
      draw.fire();
      throw internalError(service);
    default:
      return;
  }
}

/** The answer that Lambda and Logs give for an error, as the error that the server makes it of. */
function refusal(answer: EngineResponse): ServiceError {
  const { message, Message, __type: _, Type: __, ...members } = readBody(answer.body) ?? {};
  return new ServiceError(
    answer.headers?.['x-amzn-errortype'] ?? 'ServiceException',
    String(message ?? Message ?? ''),
    answer.status,
    members,
  );
}

function limitPage(draws: readonly FaultDraw[], request: EngineRequest): EngineRequest {
  const small = findDraw(draws, 'small-pages');
  const body = small === undefined ? undefined : readBody(request.body);
  if (small?.rule.size === undefined || body === undefined) return request;
  const { Limit } = body;
  if (typeof Limit === 'number' && Limit <= small.rule.size) return request;
  small.fire();
  return withBody(request, { ...body, Limit: small.rule.size });
}

function shapeAnswer(
  draws: readonly FaultDraw[],
  call: FaultyCall,
  memory: PageMemory,
): Promise<EngineResponse> {
  if (call.operation === 'GetRecords') return faultyPage(draws, call, memory);
  if (call.operation === 'DescribeStream') return faultyListing(draws, call);
  const unprocessed = findDraw(draws, 'unprocessed');
  return unprocessed === undefined ? call.inner(call.request) : partOfBatch(unprocessed, call);
}
