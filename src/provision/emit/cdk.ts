// The stack as a CDK construct in TypeScript: the template's own resources, one CloudFormation construct each, so that
// what is synthesised is what was reviewed. Pure.
import type { DesiredStack } from '../stack.js';
import { cloudformationTemplate } from './cloudformation.js';
import { enclose, indent } from './layout.js';
import type { Json, TemplateResource } from './template.js';

const CONSTRUCTS: Readonly<Record<string, { readonly module: string; readonly name: string }>> = {
  'AWS::DynamoDB::Table': { module: 'aws-dynamodb', name: 'CfnTable' },
  'AWS::IAM::Role': { module: 'aws-iam', name: 'CfnRole' },
  'AWS::Logs::LogGroup': { module: 'aws-logs', name: 'CfnLogGroup' },
  'AWS::Lambda::Function': { module: 'aws-lambda', name: 'CfnFunction' },
  'AWS::Lambda::EventSourceMapping': { module: 'aws-lambda', name: 'CfnEventSourceMapping' },
};

/** Documents and maps whose keys are not property names: they stay as they are. */
const VERBATIM = new Set(['AssumeRolePolicyDocument', 'PolicyDocument', 'Variables']);

/** One file that exports a construct class; the bundle stands beside it as handler.zip. */
export function cdkFile(desired: DesiredStack): string {
  const template = cloudformationTemplate(desired, 'cdk');
  const resources = Object.entries(template.Resources);
  const needsCode = 'Function' in template.Resources;
  const needsStream = desired.adopt && needsCode;
  const modules = new Map<string, string[]>();
  for (const [, { Type }] of resources) {
    const construct = constructOf(Type);
    modules.set(construct.module, [...(modules.get(construct.module) ?? []), construct.name]);
  }
  const body = resources.flatMap(([id, resource]) => writeResource(id, resource));
  const usesStack = body.some((line) => line.includes('stack.'));
  const usesPolicy = resources.some(([, { DeletionPolicy }]) => DeletionPolicy !== undefined);
  const core = [...(usesPolicy ? ['CfnDeletionPolicy'] : []), ...(usesStack ? ['Stack'] : [])];
  return [
    `// ddbcdc: change data capture of the table ${desired.name}.`,
    ...(needsCode ? ["import { join } from 'node:path';"] : []),
    ...(core.length === 0 ? [] : [`import { ${core.join(', ')} } from 'aws-cdk-lib';`]),
    ...[...modules]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([module, names]) => `import { ${names.sort().join(', ')} } from 'aws-cdk-lib/${module}';`),
    ...(needsCode ? ["import { Asset } from 'aws-cdk-lib/aws-s3-assets';"] : []),
    "import { Construct } from 'constructs';",
    '',
    ...(needsStream
      ? [
          'export interface ChangeDataCaptureProps {',
          `  /** The stream of the table ${desired.name}, which is there already. */`,
          '  readonly streamArn: string;',
          '}',
          '',
        ]
      : []),
    'export class ChangeDataCapture extends Construct {',
    `  constructor(scope: Construct, id: string${needsStream ? ', props: ChangeDataCaptureProps' : ''}) {`,
    '    super(scope, id);',
    ...(usesStack ? ['    const stack = Stack.of(this);'] : []),
    ...(needsCode
      ? ["    const code = new Asset(this, 'Code', { path: join(__dirname, 'handler.zip') });"]
      : []),
    ...body.map((line) => (line === '' ? '' : `    ${line}`)),
    '  }',
    '}',
    '',
  ].join('\n');
}

function writeResource(
  id: string,
  { Type, Properties, DependsOn, DeletionPolicy }: TemplateResource,
): string[] {
  const name = variable(id);
  const properties = Object.entries(Properties)
    .filter((entry): entry is [string, Json] => entry[1] !== undefined)
    .map(([key, value]) => indent(`${camel(key)}: ${writeProperty(key, value)},`));
  return [
    '',
    ...`const ${name} = new ${constructOf(Type).name}(this, '${id}', {\n${properties.join('\n')}\n});`.split(
      '\n',
    ),
    ...(DeletionPolicy === undefined
      ? []
      : [
          `${name}.cfnOptions.deletionPolicy = CfnDeletionPolicy.${DeletionPolicy.toUpperCase()};`,
          `${name}.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.${DeletionPolicy.toUpperCase()};`,
        ]),
    ...(DependsOn ?? []).map((dependency) => `${name}.node.addDependency(${variable(dependency)});`),
  ];
}

/** The constructs' tags are CloudFormation's own pairs, in lower case. */
function writeProperty(key: string, value: Json): string {
  return write(value, !VERBATIM.has(key));
}

function write(value: Json, rename: boolean): string {
  if (value === null || typeof value !== 'object') {
    return typeof value === 'string' ? literal(value) : String(value);
  }
  if (isArray(value)) {
    const items = value.map((item) => write(item, rename));
    return enclose('[', items, ']', { separator: ',', padding: '', trailing: true });
  }
  const reference = writeReference(value);
  if (reference !== undefined) return reference;
  const entries = Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  const parts = entries.map(([key, inner]) => {
    const name = rename ? camel(key) : /^[A-Za-z]\w*$/.test(key) ? key : literal(key);
    return `${name}: ${write(inner, rename && !VERBATIM.has(key))}`;
  });
  return enclose('{', parts, '}', { separator: ',', padding: ' ', trailing: true });
}

function writeReference(value: { readonly [key: string]: Json | undefined }): string | undefined {
  const { Ref: ref, 'Fn::GetAtt': attribute, 'Fn::Sub': text } = value;
  if (typeof ref === 'string') return refExpression(ref);
  if (typeof text === 'string') {
    const escaped = text.replaceAll('`', '\\`');
    return `\`${escaped.replace(/\$\{([\w:.]+)\}/g, (_, name: string) => `\${${refExpression(name)}}`)}\``;
  }
  if (attribute !== undefined && attribute !== null && typeof attribute === 'object' && isArray(attribute)) {
    return `${variable(String(attribute[0]))}.attr${String(attribute[1])}`;
  }
  return undefined;
}

function refExpression(name: string): string {
  const known: Readonly<Record<string, string>> = {
    'AWS::Partition': 'stack.partition',
    'AWS::Region': 'stack.region',
    'AWS::AccountId': 'stack.account',
    CodeBucket: 'code.s3BucketName',
    CodeKey: 'code.s3ObjectKey',
    StreamArn: 'props.streamArn',
  };
  return known[name] ?? `${variable(name)}.ref`;
}

function constructOf(type: string): { readonly module: string; readonly name: string } {
  const construct = CONSTRUCTS[type];
  if (construct === undefined) throw new Error(`no construct is known for ${type}`);
  return construct;
}

/** `Function` is a word of the language. */
function variable(id: string): string {
  return id === 'Function' ? 'handler' : camel(id);
}

function camel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function literal(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

function isArray(value: object): value is readonly Json[] {
  return Array.isArray(value);
}
