// The one-way boundaries between folders, read from the imports themselves.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));

interface Import {
  /** Paths from src/, such as `stream/filter/compile.ts`; packages by name. */
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const imports = files.flatMap(importsOf);

function importsOf(file: string): Import[] {
  const text = readFileSync(join(SRC, file), 'utf8');
  const found: Import[] = [];
  for (const match of text.matchAll(/^(?:import|export)\s+(type\s)?[^;'"]*?from\s+'([^']+)'/gm)) {
    found.push({ from: file, to: resolveTo(file, match[2] ?? ''), typeOnly: match[1] !== undefined });
  }
  for (const match of text.matchAll(/\bimport\('([^']+)'\)/g)) {
    found.push({ from: file, to: resolveTo(file, match[1] ?? ''), typeOnly: false });
  }
  return found;
}

function resolveTo(file: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  return relative(SRC, join(SRC, dirname(file), specifier)).replace(/\.js$/, '.ts');
}

function offences(
  inside: (file: string) => boolean,
  allowed: (to: string, found: Import) => boolean,
): string[] {
  return imports
    .filter((found) => inside(found.from) && !allowed(found.to, found))
    .map((found) => `${found.from} imports ${found.to}`);
}

const under =
  (...folders: string[]) =>
  (file: string) =>
    folders.some((folder) => file.startsWith(folder));

it('sees imports', () => {
  expect(imports.length).toBeGreaterThan(20);
});

it('keeps model/ pure: it imports only itself', () => {
  expect(
    offences(
      under('model/'),
      (to, { typeOnly }) => under('model/')(to) || (typeOnly && to === '@standard-schema/spec'),
    ),
  ).toStrictEqual([]);
});

it('keeps what runs in Lambda to itself and model/', () => {
  expect(offences(under('lambda/handler'), (to) => under('lambda/handler', 'model/')(to))).toStrictEqual([]);
});

it('lets the folders of a tail look down only, types included: records and api, ledger, shards, run', () => {
  const floors: readonly (readonly [string, readonly string[]])[] = [
    ['stream/time/', ['stream/']],
    ['stream/records/', ['stream/ledger/', 'stream/checkpoint/', 'stream/shards/', 'stream/run/']],
    ['stream/api/', ['stream/ledger/', 'stream/checkpoint/', 'stream/shards/', 'stream/run/']],
    ['stream/ledger/', ['stream/api/', 'stream/checkpoint/', 'stream/shards/', 'stream/run/']],
    ['stream/checkpoint/', ['stream/api/', 'stream/shards/', 'stream/run/']],
    ['stream/shards/', ['stream/run/']],
  ];
  for (const [floor, above] of floors) {
    expect(offences(under(floor), (to) => under(floor)(to) || !under(...above)(to))).toStrictEqual([]);
  }
});

it('keeps the event filter, the lineage and the plan of a shard’s start pure', () => {
  const files = ['lineage', 'shard-start', 'shard-id', 'pacing'].map((name) => `stream/shards/${name}.ts`);
  const pure = (file: string): boolean => file.startsWith('stream/filter/') || files.includes(file);
  expect(offences(pure, (to) => under('stream/', 'model/')(to) || to === 'errors.ts')).toStrictEqual([]);
});

it('keeps plans, policies and templates pure', () => {
  const values = ['names', 'policy', 'stack', 'tags'].map((name) => `provision/${name}.ts`);
  const templates = ['cdk', 'cloudformation', 'layout', 'template', 'terraform'].map(
    (name) => `provision/emit/${name}.ts`,
  );
  const pure = (file: string): boolean =>
    file.startsWith('provision/plan/') || values.includes(file) || templates.includes(file);
  expect(
    offences(pure, (to, { typeOnly }) => typeOnly || pure(to) || to === 'node:util' || to === 'node:crypto'),
  ).toStrictEqual([]);
});

it('lets only ui/ colour, ask and spin', () => {
  const packages = ['chalk', 'ora', '@inquirer/prompts'];
  expect(
    offences(
      (file) => !file.startsWith('ui/'),
      (to) => !packages.includes(to),
    ),
  ).toStrictEqual([]);
});

it('keeps commands apart, and away from AWS', () => {
  const shared = ['commands/context.ts', 'commands/hints.ts'];
  const ownFolder = (file: string): string => file.slice('commands/'.length).split(/[/.]/)[0] ?? '';
  expect(
    offences(under('commands/'), (to, { from, typeOnly }) => {
      if (to.startsWith('commands/')) return shared.includes(to) || ownFolder(to) === ownFolder(from);
      return typeOnly || !to.startsWith('@aws-sdk/');
    }),
  ).toStrictEqual([]);
});

it('loads no command and no AWS package to print help', () => {
  const early = ['cli.ts', 'program.ts', 'errors.ts', 'package-files.ts'];
  const inside = (file: string): boolean => early.includes(file) || file.startsWith('program/');
  const statically = imports.filter((found) => {
    const text = readFileSync(join(SRC, found.from), 'utf8');
    return inside(found.from) && !found.typeOnly && !text.includes(`import('${found.to}')`);
  });
  expect(statically.filter(({ to }) => to.startsWith('@aws-sdk/')).map(({ from }) => from)).toStrictEqual([]);
});

it('imports no core folder from the engine or the engine from the core, but for the target', () => {
  expect(
    offences(
      under('model/', 'stream/', 'provision/', 'lambda/', 'seed/', 'ui/'),
      (to, { typeOnly, from }) => typeOnly || from.startsWith('provision/status') || !to.startsWith('local/'),
    ),
  ).toStrictEqual([]);
});

it('has no circular imports', () => {
  const graph = new Map<string, string[]>();
  for (const { from, to, typeOnly } of imports) {
    if (!typeOnly && files.includes(to)) graph.set(from, [...(graph.get(from) ?? []), to]);
  }
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (path.includes(file) || done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(circles).toStrictEqual([]);
});

it('prints nowhere but in ui/, and lets only cli.ts exit', () => {
  const printing = files.filter((file) => {
    if (
      file.startsWith('ui/') ||
      file.startsWith('lambda/handler') ||
      file.startsWith('local/functions/runtime')
    )
      return false;
    return /\bconsole\.\w+\(|process\.std(out|err)\.write/.test(readFileSync(join(SRC, file), 'utf8'));
  });
  expect(printing).toStrictEqual([]);
});
