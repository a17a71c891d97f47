// The errors that AWS's services give when they are busy or broken, in their own words.
import { ServiceError } from '../service.js';
import type { FaultyService } from './operations.js';

const DATA_OPERATIONS = [
  ...['BatchGetItem', 'BatchWriteItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'Scan', 'UpdateItem'],
  ...['TransactGetItems', 'TransactWriteItems'],
];

/** The throttling error of an operation. `random` chooses where AWS gives one or the other. */
export function throttlingError(
  service: FaultyService,
  operation: string,
  random: () => number,
): ServiceError {
  switch (service) {
    case 'dynamodb':
      return DATA_OPERATIONS.includes(operation)
        ? new ServiceError(
            'ProvisionedThroughputExceededException',
            'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
          )
        : new ServiceError('ThrottlingException', 'Rate of requests exceeds the allowed throughput.');
    case 'streams':
      if (operation === 'GetRecords') {
        return new ServiceError('ProvisionedThroughputExceededException', 'Rate exceeded');
      }
      return new ServiceError(
        random() < 0.5 ? 'LimitExceededException' : 'ThrottlingException',
        'Rate exceeded',
      );
    case 'lambda':
      return new ServiceError('TooManyRequestsException', 'Rate Exceeded.', 429, {
        Reason: operation === 'Invoke' ? 'ConcurrentInvocationLimitExceeded' : 'CallerRateLimitExceeded',
      });
    case 'logs':
      return new ServiceError('ThrottlingException', 'Rate exceeded');
  }
}

/** The error of a service that has failed: a 5xx. */
export function internalError(service: FaultyService): ServiceError {
  switch (service) {
    case 'lambda':
      return new ServiceError(
        'ServiceException',
        'An error occurred and the request cannot be processed.',
        500,
      );
    case 'logs':
      return new ServiceError('ServiceUnavailableException', 'The service cannot complete the request.', 500);
    default:
      return new ServiceError(
        'InternalServerError',
        'The request processing has failed because of an unknown error, exception or failure.',
        500,
      );
  }
}
