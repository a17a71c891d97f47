// Who may make which call. Data calls take any credentials, as AWS's own emulators do; calls that can run code on this
// machine take only the key in the data folder's private file, and its signature.
import { ServiceError } from '../service.js';
import type { SignableRequest } from './canonical-request.js';
import { needsEngineKey, type Route } from './route.js';
import { type AccessKeys, parseAuthorization, sameText, verifySignature } from './sigv4.js';

export interface Admission {
  /** The access key id that the caller shows; proven only after `verify`, and only where the call needs it. */
  readonly accessKeyId: string | undefined;
  /** Throws unless the body belongs to a valid signature. Does nothing for a call that takes any credentials. */
  verify(request: SignableRequest, nowMs: number): void;
}

/** Checks what can be checked before the body is read, so that a stranger cannot make the engine hold 70 MB. */
export function admit(
  to: Route,
  method: string,
  authorizationHeader: string | undefined,
  keys: AccessKeys,
): Admission {
  if (authorizationHeader === undefined) {
    throw new ServiceError(
      'MissingAuthenticationTokenException',
      'Request is missing Authentication Token',
      to.kind === 'lambda' ? 403 : 400,
    );
  }
  const authorization = parseAuthorization(authorizationHeader);
  const accessKeyId = authorization?.accessKeyId;
  if (!needsEngineKey(to, method)) return { accessKeyId, verify: () => {} };
  if (authorization === undefined || !sameText(authorization.accessKeyId, keys.accessKeyId)) throw wrongKey();
  return {
    accessKeyId,
    verify(request, nowMs) {
      switch (verifySignature(request, authorization, keys, nowMs)) {
        case 'valid':
          return;
        case 'otherKey':
          throw wrongKey();
        case 'badSignature':
          throw badSignature(
            'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
          );
        case 'expired':
          throw badSignature(
            'Signature expired: the time of the request is too far from the time of the engine.',
          );
      }
    },
  };
}

function badSignature(message: string): ServiceError {
  return new ServiceError('InvalidSignatureException', message, 403);
}

function wrongKey(): ServiceError {
  return new ServiceError(
    'UnrecognizedClientException',
    `This call can run code, so it must be signed with the engine's own access key: eval "$(ddbcdc local env)"`,
    403,
  );
}
