// STS GetCallerIdentity, so that tools which ask who they are before they start get an answer.
import { randomUUID } from 'node:crypto';
import { ServiceError } from '../service.js';
import { type Encoded, encodeXml, escapeXml } from './encode.js';

/** Answers a form of the query protocol. Throws InvalidAction for every other action. */
export function answerQuery(body: Uint8Array, accountId: string, accessKeyId: string): Encoded {
  const action = new URLSearchParams(Buffer.from(body).toString()).get('Action') ?? '';
  if (action !== 'GetCallerIdentity') {
    throw new ServiceError('InvalidAction', `The embedded engine has no action "${action}".`);
  }
  return encodeXml(
    200,
    `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${accountId}:user/ddbcdc</Arn><UserId>${escapeXml(accessKeyId)}</UserId><Account>${accountId}</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
  );
}
