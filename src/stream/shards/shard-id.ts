// A shard id carries its creation time: shardId-<20 digits of epoch ms>-<8 hex>. Other servers number theirs, so what
// is no plausible time counts as unknown, and nothing may then be concluded from it.

const SHARD_ID = /^shardId-(\d{20})-/;
/** DynamoDB Streams did not exist before 2014. */
const EARLIEST_MS = Date.UTC(2014, 0, 1);

/** When a shard was created, in ms since the epoch, or undefined when its id does not say. */
export function shardCreatedAt(shardId: string): number | undefined {
  const digits = SHARD_ID.exec(shardId)?.[1];
  if (digits === undefined) return undefined;
  const ms = Number(digits);
  return ms >= EARLIEST_MS && Number.isSafeInteger(ms) ? ms : undefined;
}

/** AWS closes every shard within hours: what is open for longer has an id that some other server made up. */
const LONGEST_OPEN_MS = 24 * 3_600_000;

/** As `shardCreatedAt`, but undefined for an open shard whose id says a time, before `now`, that it cannot have. */
export function likelyCreatedAt(shardId: string, isOpen: boolean, now: number): number | undefined {
  const createdAt = shardCreatedAt(shardId);
  const isPast = createdAt !== undefined && now - createdAt > LONGEST_OPEN_MS;
  return isOpen && isPast ? undefined : createdAt;
}
