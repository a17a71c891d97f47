// Ownership. A resource belongs to a stack when it carries the stack's tag, and only then is it ever changed or deleted.
// The tags are in AWS itself, so a lost ddbcdc.json orphans nothing.

/** The stack: the name of its table. */
export const STACK_TAG = 'ddbcdc:stack';
/** The version of ddbcdc that made the resource; never compared. */
export const VERSION_TAG = 'ddbcdc:version';
/** On a role: the function that it is for, so that a half-destroyed stack still leads to the function's log group. */
export const FUNCTION_TAG = 'ddbcdc:function';

/** On a role: the region of its stack, as IAM has none and two regions may have a stack of one name. */
export const REGION_TAG = 'ddbcdc:region';

/** On what an emitted template made: the tool that manages it, and alone changes and deletes it. */
export const MANAGED_TAG = 'ddbcdc:managed-by';

export type Tags = Readonly<Record<string, string>>;

/** The tags that ddbcdc puts on everything it makes for a stack, after the user's own. */
export function stackTags(stack: string, version: string, own: Tags = {}): Tags {
  return { ...own, [STACK_TAG]: stack, [VERSION_TAG]: version };
}

/** The stack that a resource with these tags belongs to, if `init` and `destroy` may change it. */
export function stackOf(tags: Tags): string | undefined {
  return tags[MANAGED_TAG] === undefined ? tags[STACK_TAG] : undefined;
}

/** The stack that a resource is a part of, whoever manages it. */
export function stackTagOf(tags: Tags): string | undefined {
  return tags[STACK_TAG];
}

/** What made a resource that is not this stack's, in a few words. */
export function makerText(tags: Tags): string {
  const tool = tags[MANAGED_TAG];
  if (tool !== undefined) return `${tool} manages it: change it there`;
  const owner = tags[STACK_TAG];
  return owner === undefined ? 'ddbcdc did not make it' : `it belongs to the stack ${owner}`;
}

/** Key and value pairs as most AWS APIs list tags. */
export function toTagList(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** The reverse of {@link toTagList}; pairs without a key are dropped. */
export function fromTagList(
  list: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined,
): Tags {
  const tags: Record<string, string> = {};
  for (const { Key, Value } of list ?? []) if (Key !== undefined) tags[Key] = Value ?? '';
  return tags;
}
