// The whole job against a server that is only known by its URL, as in a shell after `eval "$(ddbcdc local env)"`: one
// that runs functions and has no IAM.
import { expect, it } from 'vitest';
import { parseDocument, parseLines, runBin, temporaryProject } from '../helpers/run-bin.js';

it('makes, reads and takes away a stack on an endpoint without IAM', async () => {
  await using project = await temporaryProject();
  const cwd = project.folder;
  const exports = parseDocument(await runBin(['local', 'env', '--json'], { cwd }));
  const env = exports.set as Record<string, string>;
  const ok = async (...args: string[]) => {
    const result = await runBin([...args, '--json'], { cwd, env });
    expect(`${args[0]}: ${result.exitCode} ${result.stderr}`).toContain(`${args[0]}: 0`);
    return result;
  };

  expect(parseDocument(await ok('init', '--yes'))).toMatchObject({
    target: 'endpoint',
    table: { action: 'create' },
    function: { action: 'create' },
    mapping: { action: 'create', state: 'Enabled' },
  });
  expect(parseDocument(await ok('init', '--yes'))).toMatchObject({
    table: { action: 'unchanged' },
    function: { action: 'unchanged' },
    mapping: { action: 'unchanged' },
  });
  await ok('seed', '--count', '50');
  const lines = parseLines(await ok('tail', '--from', 'trim-horizon', '--expect', '50', '--for', '60s'));
  expect(lines.at(-1)).toMatchObject({ type: 'end', records: 50, gaps: 0, duplicates: 0 });
  expect(parseDocument(await ok('status'))).toMatchObject({ healthy: true });
  const { steps } = parseDocument(await ok('destroy', '--yes')) as { steps: { action: string }[] };
  expect(steps.map(({ action }) => action)).toStrictEqual(['delete', 'delete', 'delete', 'delete']);
});
