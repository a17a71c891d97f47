// Which service a request is for, from its line and headers alone. AWS has one host for each service; the engine has
// one port for all of them, and their protocols are different enough to be told apart.

export const RPC_TARGETS = {
  DynamoDB_20120810: 'dynamodb',
  DynamoDBStreams_20120810: 'streams',
  Logs_20140328: 'logs',
  DdbcdcEngine: 'admin',
} as const;

export type RpcService = (typeof RPC_TARGETS)[keyof typeof RPC_TARGETS];

export type Route =
  | { readonly kind: 'health' }
  /** The query protocol: a form, of which the engine knows STS's GetCallerIdentity. */
  | { readonly kind: 'query' }
  | { readonly kind: 'rpc'; readonly service: RpcService; readonly operation: string }
  | { readonly kind: 'lambda' }
  | { readonly kind: 'unknown' };

/** Lambda's REST paths begin with the date of the API's version. */
const LAMBDA_PATH = /^\/20\d\d-\d\d-\d\d\//;

export function route(
  method: string,
  path: string,
  headers: Readonly<Record<string, string | undefined>>,
): Route {
  if (LAMBDA_PATH.test(path)) return { kind: 'lambda' };
  const target = headers['x-amz-target'];
  if (target !== undefined) {
    const dot = target.indexOf('.');
    const prefix = target.slice(0, dot);
    const operation = target.slice(dot + 1);
    if (method !== 'POST' || dot < 1 || !/^\w+$/.test(operation) || !Object.hasOwn(RPC_TARGETS, prefix)) {
      return { kind: 'unknown' };
    }
    // `hasOwn` has just shown that it is one of the keys.
    return { kind: 'rpc', service: RPC_TARGETS[prefix as keyof typeof RPC_TARGETS], operation };
  }
  if (path !== '/') return { kind: 'unknown' };
  if (method === 'GET') return { kind: 'health' };
  const form = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  return method === 'POST' && form ? { kind: 'query' } : { kind: 'unknown' };
}

/** True when a call can run code or change what runs or how the engine behaves: it needs the engine's own key. */
export function needsEngineKey(to: Route, method: string): boolean {
  if (to.kind === 'lambda') return method !== 'GET' && method !== 'HEAD';
  return to.kind === 'rpc' && to.service === 'admin' && !/^(Describe|Get|List)/.test(to.operation);
}
