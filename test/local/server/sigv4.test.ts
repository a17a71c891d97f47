import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAuthorization, signHeaders, verifySignature } from '../../../src/local/server/sigv4.js';

const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

describe('Signature Version 4', () => {
  it("gives the signature of AWS's published example (get-vanilla of the test suite)", () => {
    const headers = signHeaders(
      { method: 'GET', target: '/', headers: { host: 'example.amazonaws.com' }, body: Buffer.alloc(0) },
      KEYS,
      { region: 'us-east-1', service: 'service' },
      Date.UTC(2015, 7, 30, 12, 36, 0),
    );
    expect(headers).toStrictEqual({
      host: 'example.amazonaws.com',
      'x-amz-date': '20150830T123600Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    });
  });

  it('refuses a signature that leaves the host or the time unsigned', () => {
    const request = { method: 'POST', target: '/', headers: { host: 'h' }, body: Buffer.from('{}') };
    const headers = signHeaders(request, KEYS, { region: 'r', service: 's' }, 0);
    const authorization = parseAuthorization(headers.authorization);
    if (authorization === undefined) throw new Error('it has just been made');
    const verdict = (signedHeaders: string[]) =>
      verifySignature({ ...request, headers }, { ...authorization, signedHeaders }, KEYS, 0);
    expect([verdict(['host', 'x-amz-date']), verdict(['host']), verdict(['x-amz-date'])]).toStrictEqual([
      'valid',
      'badSignature',
      'badSignature',
    ]);
  });

  it('throws on no header at all', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseAuthorization(text);
        parseAuthorization(`AWS4-HMAC-SHA256 ${text}`);
      }),
    );
  });

  it('reads nothing from a header of another scheme or shape', () => {
    for (const header of [
      undefined,
      '',
      'Bearer token',
      'AWS4-HMAC-SHA256',
      'AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=b',
      'AWS4-HMAC-SHA256 Credential=a/1/2/3/aws4_request, SignedHeaders=host',
    ]) {
      expect(parseAuthorization(header)).toBeUndefined();
    }
  });
});
