// IAM and STS: form-encoded requests, XML answers.
import { ACCOUNT, AwsError, type AwsState, type RoleState, roleArn } from './state.js';

/** One call, answered as XML. */
export function query(state: AwsState, form: URLSearchParams): string {
  const action = form.get('Action') ?? '';
  const isSts = form.get('Version') === '2011-06-15';
  if (!isSts && form.get('Version') !== '2010-05-08') throw new AwsError('InvalidAction', 'unknown version');
  const namespace = isSts
    ? 'https://sts.amazonaws.com/doc/2011-06-15/'
    : 'https://iam.amazonaws.com/doc/2010-05-08/';
  const result = isSts ? sts(action) : iam(state, action, form);
  return `<${action}Response xmlns="${namespace}"><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></${action}Response>`;
}

export function queryError(error: AwsError): string {
  // IAM's wire names have no suffix: the SDK's NoSuchEntityException is NoSuchEntity here.
  const code = error.name.replace(/Exception$/, '');
  return `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${xmlText(error.message)}</Message></Error><RequestId>r</RequestId></ErrorResponse>`;
}

function sts(action: string): string {
  if (action !== 'GetCallerIdentity') throw new AwsError('InvalidAction', action);
  return `<Arn>arn:aws:iam::${ACCOUNT}:user/ada</Arn><UserId>AIDA</UserId><Account>${ACCOUNT}</Account>`;
}

function iam(state: AwsState, action: string, form: URLSearchParams): string {
  const field = (name: string): string => {
    const value = form.get(name);
    if (value === null) throw new AwsError('ValidationError', `${name} is missing in ${action}`);
    return value;
  };
  const role = (): RoleState => {
    const found = state.roles.get(field('RoleName'));
    if (found === undefined) throw absent(`The role with name ${form.get('RoleName')} cannot be found.`);
    return found;
  };
  switch (action) {
    case 'CreateRole': {
      const name = field('RoleName');
      if (state.roles.has(name))
        throw new AwsError('EntityAlreadyExists', `Role with name ${name} already exists.`, 409);
      const made: RoleState = {
        name,
        path: field('Path'),
        trust: document(field('AssumeRolePolicyDocument')),
        policies: new Map(),
        attached: new Set(),
        tags: tagsOf(form),
      };
      state.roles.set(name, made);
      return `<Role>${roleXml(made)}</Role>`;
    }
    case 'GetRole':
      return `<Role>${roleXml(role())}</Role>`;
    case 'UpdateAssumeRolePolicy':
      role().trust = document(field('PolicyDocument'));
      return '';
    case 'PutRolePolicy':
      role().policies.set(field('PolicyName'), document(field('PolicyDocument')));
      return '';
    case 'GetRolePolicy': {
      const found = role().policies.get(field('PolicyName'));
      if (found === undefined) throw absent('The role policy cannot be found.');
      return `<RoleName>${field('RoleName')}</RoleName><PolicyName>${field('PolicyName')}</PolicyName><PolicyDocument>${encodeURIComponent(found)}</PolicyDocument>`;
    }
    case 'DeleteRolePolicy':
      if (!role().policies.delete(field('PolicyName'))) throw absent('The role policy cannot be found.');
      return '';
    case 'DeleteRole': {
      const found = role();
      if (found.policies.size + found.attached.size > 0) {
        throw new AwsError('DeleteConflict', 'Cannot delete entity, must delete policies first.', 409);
      }
      state.roles.delete(found.name);
      return '';
    }
    case 'TagRole':
      Object.assign(role().tags, tagsOf(form));
      return '';
    case 'ListRoleTags':
      return `<IsTruncated>false</IsTruncated><Tags>${Object.entries(role().tags)
        .map(([key, value]) => `<member><Key>${xmlText(key)}</Key><Value>${xmlText(value)}</Value></member>`)
        .join('')}</Tags>`;
    case 'ListRoles': {
      const prefix = form.get('PathPrefix') ?? '/';
      const found = [...state.roles.values()].filter(({ path }) => path.startsWith(prefix));
      return `<IsTruncated>false</IsTruncated><Roles>${found.map((each) => `<member>${roleXml(each)}</member>`).join('')}</Roles>`;
    }
    default:
      throw new AwsError('InvalidAction', action);
  }
}

function roleXml(role: RoleState): string {
  return `<Path>${role.path}</Path><RoleName>${role.name}</RoleName><RoleId>AROA</RoleId><Arn>${roleArn(role)}</Arn><CreateDate>2026-11-23T00:00:00Z</CreateDate><AssumeRolePolicyDocument>${encodeURIComponent(role.trust)}</AssumeRolePolicyDocument>`;
}

function absent(message: string): AwsError {
  return new AwsError('NoSuchEntity', message, 404);
}

/** A policy must be JSON with a version and statements that allow something to somebody or on something. */
function document(text: string): string {
  const parsed = JSON.parse(text) as { Version?: string; Statement?: Record<string, unknown>[] };
  const isWhole =
    parsed.Version === '2012-10-17' &&
    (parsed.Statement ?? []).every(({ Effect, Action, Resource, Principal }) =>
      [Effect, Action, Resource ?? Principal].every((part) => part !== undefined),
    );
  if (!isWhole) throw new AwsError('MalformedPolicyDocument', text);
  return text;
}

function tagsOf(form: URLSearchParams): Record<string, string> {
  const tags: Record<string, string> = {};
  for (let i = 1; form.has(`Tags.member.${i}.Key`); i += 1) {
    tags[form.get(`Tags.member.${i}.Key`) ?? ''] = form.get(`Tags.member.${i}.Value`) ?? '';
  }
  return tags;
}

function xmlText(text: string): string {
  return text.replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? '');
}
