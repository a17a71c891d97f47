// The event that Lambda hands to a function: records around images, as JSON.
import type { AttributeMap, StreamRecord } from '../../model/wire.js';

const STREAM_ARN =
  'arn:aws:dynamodb:us-east-1:123456789012:table/SampleStreamTable/stream/2015-06-27T00:48:05.899';

/** An event of one record an image. With the sample shape, 100 records are about 52 kB. */
export function lambdaEvent(images: readonly AttributeMap[]): { readonly Records: readonly StreamRecord[] } {
  return { Records: images.map(recordOf) };
}

function recordOf(image: AttributeMap, at: number): StreamRecord {
  const { Id } = image;
  return {
    eventID: at.toString(16).padStart(32, '0'),
    eventName: 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    dynamodb: {
      ApproximateCreationDateTime: 1428537600,
      ...(Id === undefined ? {} : { Keys: { Id } }),
      NewImage: image,
      SequenceNumber: String(4421584500000000017450439092n + BigInt(at)),
      SizeBytes: 59,
      StreamViewType: 'NEW_IMAGE',
    },
    eventSourceARN: STREAM_ARN,
  };
}
