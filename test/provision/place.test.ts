import { expect, it } from 'vitest';
import { findWhereabouts } from '../../src/provision/place.js';
import type { Target } from '../../src/target/target.js';
import { startAwsServer } from '../helpers/aws-server/server.js';
import { createStackRunner } from '../helpers/aws-server/stack-runner.js';

const SIGNAL = new AbortController().signal;

function failingTarget(kind: Target['kind'], error: Error): Target {
  const fail = (): never => {
    throw error;
  };
  return {
    kind,
    region: 'nowhere-1',
    loopback: false,
    clients: { dynamodb: fail, streams: fail, lambda: fail, iam: fail, sts: fail, logs: fail },
    close: () => {},
  };
}

it('asks STS for account, caller and partition', async () => {
  await using server = await startAwsServer();
  using runner = createStackRunner(server);
  const target = { ...failingTarget('aws', new Error('unused')), clients: runner.resources.clients };
  expect(await findWhereabouts(target, SIGNAL)).toStrictEqual({
    place: { partition: 'aws', region: 'nowhere-1', accountId: '123456789012' },
    caller: 'arn:aws:iam::123456789012:user/ada',
  });
});

it('takes an unknown host on AWS for an unknown region', async () => {
  const error = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
  await expect(findWhereabouts(failingTarget('aws', error), SIGNAL)).rejects.toMatchObject({
    code: 'aws.unknownRegion',
    exitCode: 3,
    message: 'AWS cannot be found in the region nowhere-1',
  });
});

it('says which credentials are missing on AWS, and needs none elsewhere', async () => {
  const error = Object.assign(new Error('none'), { name: 'CredentialsProviderError' });
  await expect(findWhereabouts(failingTarget('aws', error), SIGNAL)).rejects.toMatchObject({
    code: 'aws.noCredentials',
  });
  const standIn = { place: { partition: 'aws', region: 'nowhere-1', accountId: '000000000000' } };
  expect(await findWhereabouts(failingTarget('endpoint', error), SIGNAL)).toStrictEqual(standIn);
  expect(await findWhereabouts(failingTarget('local', error), SIGNAL)).toStrictEqual(standIn);
});
