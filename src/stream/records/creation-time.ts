// ApproximateCreationDateTime has whole seconds: what that says of a time in milliseconds.

/** Creation times are cut to whole seconds: a record may be up to this much younger than it says. */
export const CREATION_TIME_STEP_MS = 1_000;

/** True when a record with this creation time was certainly created before `ms`. */
export function isOlderThan(createdAtMs: number, ms: number): boolean {
  return createdAtMs + CREATION_TIME_STEP_MS <= ms;
}
