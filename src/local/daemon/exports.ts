// The environment with which any AWS SDK and the AWS CLI use the engine.
import type { EngineState } from '../engine-state.js';

/** Every service that the engine serves: a variable for one service wins over AWS_ENDPOINT_URL, so all are set. */
const SERVICES = ['DYNAMODB', 'DYNAMODB_STREAMS', 'LAMBDA', 'CLOUDWATCH_LOGS', 'STS'];

export interface ShellExports {
  readonly set: Readonly<Record<string, string>>;
  /** Variables that would lead elsewhere or spoil the signature. */
  readonly unset: readonly string[];
}

export const SHELLS = ['sh', 'fish', 'powershell'] as const;
export type Shell = (typeof SHELLS)[number];

export function engineExports(state: EngineState): ShellExports {
  return {
    set: {
      AWS_ENDPOINT_URL: state.endpoint,
      ...Object.fromEntries(SERVICES.map((service) => [`AWS_ENDPOINT_URL_${service}`, state.endpoint])),
      AWS_ACCESS_KEY_ID: state.accessKeyId,
      AWS_SECRET_ACCESS_KEY: state.secretAccessKey,
      AWS_REGION: state.region,
      AWS_DEFAULT_REGION: state.region,
    },
    unset: ['AWS_SESSION_TOKEN', 'AWS_PROFILE', 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'],
  };
}

/** One command a line. The values hold no character that any of the shells would expand. */
export function shellLines(exports: ShellExports, shell: Shell): string[] {
  const set = Object.entries(exports.set);
  switch (shell) {
    case 'sh':
      return [...set.map(([name, value]) => `export ${name}='${value}'`), `unset ${exports.unset.join(' ')}`];
    case 'fish':
      return [
        ...set.map(([name, value]) => `set -gx ${name} '${value}'`),
        ...exports.unset.map((name) => `set -e ${name}`),
      ];
    case 'powershell':
      return [
        ...set.map(([name, value]) => `$env:${name} = '${value}'`),
        ...exports.unset.map((name) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue`),
      ];
  }
}
