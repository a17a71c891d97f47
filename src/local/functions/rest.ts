// Routing for Lambda's REST API: a method and a path pattern to an operation, and errors in Lambda's own form.
import { type EngineRequest, type EngineResponse, ServiceError } from '../service.js';

export interface RestInput {
  /** The decoded path parameters. */
  readonly path: Readonly<Record<string, string>>;
  readonly request: EngineRequest;
}

export interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly run: (input: RestInput) => Promise<EngineResponse>;
}

/** `template` is the SDK's, such as `/2015-03-31/functions/{FunctionName}`; a final slash of the request is ignored. */
export function route(method: string, template: string, run: Route['run']): Route {
  const pattern = template.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return { method, pattern: new RegExp(`^${pattern}/?$`), run };
}

/** Runs the route that fits. A ServiceError becomes a response; anything else is thrown on. */
export async function dispatch(routes: readonly Route[], request: EngineRequest): Promise<EngineResponse> {
  try {
    for (const { method, pattern, run } of routes) {
      const match = method === request.method ? pattern.exec(request.path) : null;
      if (match !== null) return await run({ path: decode(match.groups ?? {}), request });
    }
    throw new ServiceError(
      'UnknownOperationException',
      `The embedded engine does not have Lambda ${request.method} ${request.path}`,
      404,
    );
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return errorResponse(error);
  }
}

export function json(status: number, body: unknown): EngineResponse {
  return { status, headers: { 'content-type': 'application/json' }, body };
}

export const NO_CONTENT: EngineResponse = { status: 204 };

function errorResponse(error: ServiceError): EngineResponse {
  const body = {
    Type: error.status < 500 ? 'User' : 'Service',
    ...error.members,
    message: error.message,
    Message: error.message,
  };
  return {
    status: error.status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': error.type },
    body,
  };
}

function decode(groups: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  try {
    return Object.fromEntries(
      Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]),
    );
  } catch {
    throw new ServiceError('ValidationException', 'The path is not valid percent-encoding');
  }
}
