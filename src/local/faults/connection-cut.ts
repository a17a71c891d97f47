/** Thrown instead of an answer: the server closes the socket, as a network does that fails. */
export class ConnectionCut extends Error {
  override readonly name = 'ConnectionCut';
  constructor() {
    super('the connection is cut by a fault');
  }
}
