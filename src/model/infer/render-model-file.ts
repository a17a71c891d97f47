// A description as a model file that a person would have written, in TypeScript: imports, one model an entity type, the
// default export. All text from data is quoted, so that no item can put code into the file.
import type {
  EntityDescription,
  FieldDescription,
  MemberDescription,
  ModelDescription,
} from './description.js';
import { camelCase, isIdentifier, uniqueName } from './names.js';

export interface RenderOptions {
  /** Named in the file's first line. */
  readonly table?: string;
  /** What the file imports from; `ddbcdc` by default. */
  readonly from?: string;
}

const MAX_LINE = 100;

/** The text of a `model.ts` whose default export reads the items that the description was inferred from. */
export function renderModelFile(description: ModelDescription, options: RenderOptions = {}): string {
  const imports = new Set<string>(['defineModel', 'type Infer']);
  const [first] = description.entities;
  const lines: string[] = [];
  if (description.discriminator === undefined || first === undefined) {
    const name = options.table === undefined ? [] : [`{ name: ${quote(options.table)} }`];
    lines.push(`const model = ${modelSource(first?.fields ?? [], name, imports)};`);
  } else {
    lines.push(...variantSources(description.entities, description.discriminator, imports));
  }
  lines.push('', 'export type Model = Infer<typeof model>;', '', 'export default model;');
  return `${[headLine(description, options), importLine(imports, options), '', ...lines].join('\n')}\n`;
}

function headLine({ items }: ModelDescription, { table }: RenderOptions): string {
  const source = table === undefined ? '' : ` of ${JSON.stringify(table).slice(1, -1)}`;
  const count = items === 1 ? '1 item' : `${items} items`;
  return `// Inferred from ${count}${source}. Check what is optional and how large numbers get, then make it yours.`;
}

function importLine(imports: ReadonlySet<string>, { from = 'ddbcdc' }: RenderOptions): string {
  const names = [...imports].sort((left, right) => sortKey(left).localeCompare(sortKey(right), 'en'));
  const line = `import { ${names.join(', ')} } from ${quote(from)};`;
  return line.length <= MAX_LINE
    ? line
    : `import {\n${names.map((name) => `  ${name},\n`).join('')}} from ${quote(from)};`;
}

function sortKey(name: string): string {
  return name.replace('type ', '').toLowerCase();
}

function variantSources(
  entities: readonly EntityDescription[],
  discriminator: string,
  imports: Set<string>,
): string[] {
  imports.add('oneOf');
  const taken = new Set<string>();
  const models = entities.map((entity) => ({
    entity,
    variable: uniqueName(variableOf(entity.name), taken),
  }));
  const lines = models.flatMap(({ entity, variable }) => {
    const name = `{ name: ${quote(entity.name ?? 'Other')} }`;
    return [`export const ${variable} = ${modelSource(entity.fields, [name], imports)};`, ''];
  });
  const variants = models
    .filter(({ entity }) => entity.name !== undefined)
    .map(({ entity, variable }) => `  ${keySource(entity.name ?? '')}: ${variable},`);
  const rest = models.find(({ entity }) => entity.name === undefined);
  const otherwise = rest === undefined ? '' : `, ${rest.variable}`;
  return [...lines, `const model = oneOf(${quote(discriminator)}, {`, ...variants, `}${otherwise});`];
}

function variableOf(name: string | undefined): string {
  const variable = `${camelCase(name ?? 'Other')}Model`;
  return isIdentifier(variable) ? variable : 'entityModel';
}

function modelSource(
  fields: readonly FieldDescription[],
  rest: readonly string[],
  imports: Set<string>,
): string {
  if (rest.length === 0) return `defineModel(${objectSource(fields, '', imports)})`;
  const body = objectSource(fields, '  ', imports);
  return `defineModel(\n  ${body},\n  ${rest.join(', ')},\n)`;
}

function objectSource(fields: readonly FieldDescription[], indent: string, imports: Set<string>): string {
  if (fields.length === 0) return '{}';
  const lines = fields.map((field) => {
    const attribute = field.attribute === field.property ? undefined : field.attribute;
    const modifiers = field.optional ? '.optional()' : '';
    return `${indent}  ${keySource(field.property)}: ${memberSource(field, attribute, `${indent}  `, imports)}${modifiers},`;
  });
  return `{\n${lines.join('\n')}\n${indent}}`;
}

function memberSource(
  { kind, nullable }: MemberDescription,
  attribute: string | undefined,
  indent: string,
  imports: Set<string>,
): string {
  imports.add(kind.type);
  const parameters: string[] = [];
  if (kind.type === 'literal') parameters.push(quote(kind.value));
  else if (kind.type === 'object') parameters.push(objectSource(kind.fields, indent, imports));
  else if ('member' in kind) parameters.push(memberSource(kind.member, undefined, indent, imports));
  if (attribute !== undefined) parameters.push(quote(attribute));
  // `unknown` reads NULL as null by itself.
  const nullability = nullable && kind.type !== 'unknown' ? '.nullable()' : '';
  return `${kind.type}(${parameters.join(', ')})${nullability}`;
}

function keySource(name: string): string {
  if (isIdentifier(name)) return name;
  // In an object literal a quoted `__proto__` still sets the prototype; a computed one is a property.
  return name === '__proto__' ? `['__proto__']` : quote(name);
}

/** A string literal in single quotes. */
function quote(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inner}'`;
}
