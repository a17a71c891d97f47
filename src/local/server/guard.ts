// Who may talk to the engine at all. It listens on loopback only, but a web page in the user's browser can reach
// loopback too: such a request carries an Origin, or (after DNS rebinding) the Host of the page's own domain.

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Why a request must not be answered, or undefined when it may be.
 * No AWS SDK or CLI sends an Origin, and all of them send the Host that they were pointed at.
 */
export function refuseForeign(
  headers: Readonly<Record<string, string | undefined>>,
  port: number,
): string | undefined {
  if (headers.origin !== undefined) return 'Requests from web pages are refused: the Origin header is set.';
  const host = headers.host?.toLowerCase();
  if (host === undefined || !LOOPBACK_NAMES.some((name) => host === `${name}:${port}`)) {
    return `The Host header must be 127.0.0.1:${port} or localhost:${port}.`;
  }
  return undefined;
}
