// A server on loopback that speaks the two operations that reading a function's log needs, as AWS does: FilterLogEvents
// in pages with opaque tokens, GetFunctionConfiguration, and ResourceNotFoundException for what is not there.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LogEvent } from '../../../src/lambda/logs/event.js';

export interface CloudWatchDouble {
  readonly endpoint: string;
  /** The log group's events; absent: there is no such group. Tests add to it. */
  events: LogEvent[] | undefined;
  /** Whether Lambda knows the function. */
  functionExists: boolean;
  /** Every FilterLogEvents request, as it came. */
  readonly requests: Record<string, unknown>[];
  /** Called before each FilterLogEvents is answered. */
  onFilter: () => void;
  close(): Promise<void>;
}

export async function startCloudWatch(
  events: LogEvent[] | undefined,
  pageSize = 4,
): Promise<CloudWatchDouble> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const answer = (status: number, value: object, type?: string): void => {
        response.writeHead(status, {
          'content-type': 'application/x-amz-json-1.1',
          ...(type === undefined ? {} : { 'x-amzn-errortype': type }),
        });
        response.end(JSON.stringify(value));
      };
      const notFound = (message: string): void =>
        answer(400, { __type: 'ResourceNotFoundException', message }, 'ResourceNotFoundException');
      if (request.method === 'GET') {
        if (!double.functionExists) {
          answer(404, { Message: 'Function not found', Type: 'User' }, 'ResourceNotFoundException');
        } else answer(200, { FunctionName: 'sample-ddb-stream-handler' });
        return;
      }
      const input = JSON.parse(body);
      double.requests.push(input);
      double.onFilter();
      if (double.events === undefined) return notFound('The specified log group does not exist.');
      const excluded = /^-"(.*)"$/.exec(input.filterPattern ?? '')?.[1];
      const found = double.events
        .filter(({ at }) => at >= (input.startTime ?? 0))
        .filter(({ message }) => excluded === undefined || !message.includes(excluded));
      const from = Number(input.nextToken?.slice('token-'.length) ?? 0);
      answer(200, {
        events: found.slice(from, from + pageSize).map(({ id, at, stream, message }) => ({
          eventId: id,
          timestamp: at,
          ingestionTime: at,
          logStreamName: stream,
          message,
        })),
        searchedLogStreams: [],
        ...(from + pageSize < found.length ? { nextToken: `token-${from + pageSize}` } : {}),
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const double: CloudWatchDouble = {
    endpoint: `http://127.0.0.1:${port}`,
    events,
    functionExists: true,
    requests: [],
    onFilter: () => {},
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return double;
}
