// Bodies of requests and answers as the faults change them. What does not parse is left to the service, which says why.
import type { EngineRequest, EngineResponse } from '../service.js';

export type Body = Readonly<Record<string, unknown>>;

/** The members of a JSON body; undefined for anything else. */
export function readBody(body: unknown): Body | undefined {
  if (isBody(body)) return body;
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString());
    return isBody(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isBody(value: unknown): value is Body {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}

/** The request with other members. */
export function withBody(request: EngineRequest, body: Body): EngineRequest {
  return { ...request, body: Buffer.from(JSON.stringify(body)) };
}

/** The answer with other members. */
export function answerWith(answer: EngineResponse, body: Body): EngineResponse {
  return { ...answer, body };
}
