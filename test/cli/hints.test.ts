// What a command says to do next works where the command ran: on its target, for its table.
import { expect, it } from 'vitest';
import { useAwsServerInFolder } from '../helpers/aws-server/in-folder.js';
import { runCli } from '../helpers/run-cli.js';

const aws = useAwsServerInFolder();

it.each(['seed', 'status'])('%s names the init of the table that is missing', async (command) => {
  const there = ['--endpoint-url', aws.server.url, '--region', 'eu-west-1'];
  const { stdout, stderr } = await runCli([command, '--table', 'Nope', ...there], { cwd: aws.cwd });
  expect(stdout + stderr).toContain(
    `ddbcdc init --table Nope --endpoint-url ${aws.server.url} --region eu-west-1\n`,
  );
});

it('status names nothing that this folder knows by itself', async () => {
  const env = { DDBCDC_ENDPOINT_URL: aws.server.url };
  const { stdout } = await runCli(['status'], { cwd: aws.cwd, env });
  expect(stdout).toContain('! there is no table SampleStreamTable\n  → ddbcdc init\n');
});
