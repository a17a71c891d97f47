import type { Issue } from './change.js';
import { formatIssue } from './issue.js';

/** What `model.parse` throws: every issue of one image, one a line. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly issues: readonly Issue[];

  constructor(model: string, issues: readonly Issue[]) {
    super(`the image does not fit ${model}:\n${issues.map((issue) => `  ${formatIssue(issue)}`).join('\n')}`);
    this.issues = issues;
  }
}
