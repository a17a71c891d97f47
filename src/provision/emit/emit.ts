// The files of an emitted stack, and the commands that deploy them.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError, EXIT } from '../../errors.js';
import type { DesiredStack } from '../stack.js';
import { cdkFile } from './cdk.js';
import { bundleKey, cloudformationTemplate } from './cloudformation.js';
import type { EmitFormat } from './template.js';
import { terraformFile } from './terraform.js';

export interface EmittedFile {
  readonly name: string;
  readonly content: string | Uint8Array;
}

export interface Emission {
  readonly files: readonly EmittedFile[];
  /** What to run next, in order. */
  readonly next: readonly string[];
}

/** The stack in another tool's language. Pure. */
export function emitStack(desired: DesiredStack, format: EmitFormat, dir: string): Emission {
  const { compute } = desired;
  const bundle = compute === undefined ? [] : [{ name: 'handler.zip', content: compute.function.bundle.zip }];
  switch (format) {
    case 'cloudformation': {
      const template = `${JSON.stringify(cloudformationTemplate(desired), null, 2)}\n`;
      const parameters = [
        ...(compute === undefined ? [] : ['CodeBucket=BUCKET']),
        ...(desired.adopt ? ['StreamArn=ARN'] : []),
      ];
      const overrides = parameters.length === 0 ? '' : ` --parameter-overrides ${parameters.join(' ')}`;
      const stackName = desired.name.replace(/[^A-Za-z0-9]+/g, '-');
      return {
        files: [{ name: 'template.json', content: template }, ...bundle],
        next: [
          ...(compute === undefined
            ? []
            : [`aws s3 cp ${dir}/handler.zip s3://BUCKET/${bundleKey(compute)}`]),
          `aws cloudformation deploy --template-file ${dir}/template.json --stack-name ddbcdc-${stackName} --capabilities CAPABILITY_IAM${overrides}`,
        ],
      };
    }
    case 'terraform':
      return {
        files: [{ name: 'main.tf', content: terraformFile(desired) }, ...bundle],
        next: [`terraform -chdir=${dir} init`, `terraform -chdir=${dir} apply`],
      };
    case 'cdk':
      return {
        files: [{ name: 'change-data-capture.ts', content: cdkFile(desired) }, ...bundle],
        next: ["new ChangeDataCapture(this, 'ChangeDataCapture') in your stack, then cdk deploy"],
      };
  }
}

/** Writes over files of an earlier emission, but over nobody else's: then it throws `emit.fileExists`. */
export async function writeEmission({ files }: Emission, dir: string): Promise<string[]> {
  await mkdir(dir, { recursive: true });
  const paths = files.map((file) => ({ file, path: join(dir, file.name) }));
  for (const { file, path } of paths) {
    if (typeof file.content === 'string') await refuseForeign(path);
  }
  for (const { file, path } of paths) await writeFile(path, file.content);
  return paths.map(({ path }) => path);
}

async function refuseForeign(path: string): Promise<void> {
  const existing = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (existing !== undefined && !existing.includes('ddbcdc: change data capture')) {
    throw new CliError('emit.fileExists', `${path} exists and ddbcdc did not write it`, {
      exitCode: EXIT.precondition,
      hint: 'give another folder with --out',
    });
  }
}
