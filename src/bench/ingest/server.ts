// The canned server as a process of its own, so that what it costs is not what is measured. Forked by bench-ingest.
import type { AddressInfo } from 'node:net';
import { createCannedServer } from './canned-pages.js';

const server = createCannedServer(Number(process.argv[2]));
server.listen(0, '127.0.0.1', () => {
  // A cast: a server that listens on a port has no path for an address.
  process.send?.({ port: (server.address() as AddressInfo).port });
});
// The parent's end is this one's.
process.on('disconnect', () => process.exit(0));
