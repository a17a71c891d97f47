// The forms in which the Lambda API takes a function: name, `name:qualifier`, `account:function:name`, full ARN.
import { type EngineContext, ServiceError } from '../service.js';

type Place = Pick<EngineContext, 'region' | 'accountId'>;

const NAME = /^[a-zA-Z0-9-_]{1,64}$/;
const QUALIFIER = /^(\$LATEST|[a-zA-Z0-9-_]{1,128})$/;
const FORM =
  /^(?:arn:(?:aws[a-zA-Z-]*):lambda:(?<region>[a-z0-9-]+):)?(?:(?<account>\d{12}):)?(?:function:)?(?<name>[a-zA-Z0-9-_]+)(?::(?<qualifier>\$LATEST|[a-zA-Z0-9-_]+))?$/;

export interface FunctionReference {
  readonly name: string;
  /** As given, in the name or apart; undefined means $LATEST without saying so. */
  readonly qualifier: string | undefined;
}

export function functionArn(place: Place, name: string): string {
  return `arn:aws:lambda:${place.region}:${place.accountId}:function:${name}`;
}

/** Throws ValidationException for what is no form of a name, and ResourceNotFoundException for another account's. */
export function parseFunctionName(place: Place, text: string, qualifier?: string): FunctionReference {
  const groups = FORM.exec(text)?.groups;
  const name = groups?.name ?? '';
  if (!NAME.test(name) || (qualifier !== undefined && !QUALIFIER.test(qualifier))) {
    throw new ServiceError(
      'ValidationException',
      `1 validation error detected: Value '${text}' at 'functionName' failed to satisfy constraint: ` +
        'Member must be a function name, a partial ARN or a full ARN',
    );
  }
  const elsewhere =
    (groups?.region ?? place.region) !== place.region ||
    (groups?.account ?? place.accountId) !== place.accountId;
  if (elsewhere) throw functionNotFound(text);
  return { name, qualifier: qualifier ?? groups?.qualifier };
}

export function functionNotFound(arn: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', `Function not found: ${arn}`, 404, { Type: 'User' });
}
