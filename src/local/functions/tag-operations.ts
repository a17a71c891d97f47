// ListTags, TagResource and UntagResource, over functions and event source mappings alike.
import { type EngineResponse, ServiceError } from '../service.js';
import { FieldReader, parseBody } from './fields.js';
import { json, NO_CONTENT, type RestInput, type Route, route } from './rest.js';

/** Whatever has an ARN and tags. */
export interface Tagged {
  readonly tags: Readonly<Record<string, string>>;
  save(tags: Readonly<Record<string, string>>): Promise<void>;
}

const MAX_TAGS = 50;
const TEMPLATE = '/2017-03-31/tags/{Resource}';

/** `find` returns undefined for an ARN it does not know. */
export function tagRoutes(find: (arn: string) => Tagged | undefined): readonly Route[] {
  const tagged = ({ path }: RestInput): Tagged => {
    const arn = path.Resource ?? '';
    const found = find(arn);
    if (found === undefined)
      throw new ServiceError('ResourceNotFoundException', `The resource does not exist: ${arn}`, 404);
    return found;
  };

  async function add(input: RestInput): Promise<EngineResponse> {
    const target = tagged(input);
    const body = new FieldReader(parseBody(input.request.body));
    const tags = { ...target.tags, ...body.textMap('Tags') };
    if (Object.keys(tags).length > MAX_TAGS) throw body.invalid(`A resource has at most ${MAX_TAGS} tags`);
    await target.save(tags);
    return NO_CONTENT;
  }

  async function remove(input: RestInput): Promise<EngineResponse> {
    const target = tagged(input);
    const keys = input.request.query.getAll('tagKeys');
    await target.save(Object.fromEntries(Object.entries(target.tags).filter(([key]) => !keys.includes(key))));
    return NO_CONTENT;
  }

  return [
    route('GET', TEMPLATE, async (input) => json(200, { Tags: tagged(input).tags })),
    route('POST', TEMPLATE, add),
    route('DELETE', TEMPLATE, remove),
  ];
}
