// A thread that ends this process when the engine is gone, also when user code never yields: the engine holds the
// other end of this pipe and never writes to it.
import { Socket } from 'node:net';
import { CHILD_FD } from './frames.js';

const lifeline = new Socket({ fd: CHILD_FD.lifeline, readable: true, writable: false });
lifeline.on('error', end);
lifeline.on('close', end);
lifeline.resume();

function end(): void {
  try {
    // The engine made this process the leader of its group.
    if (process.platform !== 'win32') process.kill(-process.pid, 'SIGKILL');
  } finally {
    process.kill(process.pid, 'SIGKILL');
  }
}
