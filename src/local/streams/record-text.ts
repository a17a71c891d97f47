// A stream record is stored as the JSON text in which GetRecords answers, so that a page is a join of texts.
// Images are not serialized again: the item's own stored text is the image.
import { hash } from 'node:crypto';
import type { AttributeMap, EventName } from '../../model/wire.js';
import { itemSize } from '../tables/item-size.js';
import type { StreamRow } from './stream-state.js';

/** An item with the JSON text in which it is stored. */
export interface StoredItem {
  readonly item: AttributeMap;
  readonly text: string;
}

export interface RecordInput {
  readonly stream: StreamRow;
  readonly region: string;
  readonly sequence: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly before: StoredItem | undefined;
  readonly after: StoredItem | undefined;
  /** True for a removal by time to live. */
  readonly expired: boolean;
}

/** Returns the record's JSON in the shape of GetRecords. One of `before` and `after` is there. */
export function recordText(input: RecordInput): string {
  const { stream, before, after } = input;
  const item = (after ?? before)?.item ?? {};
  const keys: Record<string, unknown> = {};
  for (const { AttributeName } of stream.keySchema) keys[AttributeName] = item[AttributeName];
  const eventName: EventName = after === undefined ? 'REMOVE' : before === undefined ? 'INSERT' : 'MODIFY';
  const view = stream.viewType;
  const newImage = view === 'NEW_IMAGE' || view === 'NEW_AND_OLD_IMAGES' ? after : undefined;
  const oldImage = view === 'OLD_IMAGE' || view === 'NEW_AND_OLD_IMAGES' ? before : undefined;
  const size =
    itemSize(keys as AttributeMap) +
    (newImage === undefined ? 0 : itemSize(newImage.item)) +
    (oldImage === undefined ? 0 : itemSize(oldImage.item));

  return (
    `{"eventID":"${eventId(stream.arn, input.sequence)}","eventName":"${eventName}","eventVersion":"1.1",` +
    `"eventSource":"aws:dynamodb","awsRegion":${JSON.stringify(input.region)},"dynamodb":{` +
    `"ApproximateCreationDateTime":${Math.floor(input.at / 1000)},"Keys":${JSON.stringify(keys)},` +
    (newImage === undefined ? '' : `"NewImage":${newImage.text},`) +
    (oldImage === undefined ? '' : `"OldImage":${oldImage.text},`) +
    `"SequenceNumber":"${input.sequence}","SizeBytes":${size},"StreamViewType":"${view}"}` +
    (input.expired ? ',"userIdentity":{"PrincipalId":"dynamodb.amazonaws.com","Type":"Service"}' : '') +
    '}'
  );
}

/** 32 hex digits, the same for the same change at every read. */
function eventId(streamArn: string, sequence: string): string {
  return hash('md5', streamArn + sequence, 'hex');
}
