import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

const repository = path.resolve(__dirname, __dirname.endsWith('build/support') ? '../../..' : '../..');
const startsWithin = 30_000;
const stopsWithin = 5_000;

/** Where a command listens that takes whatever port is free. */
export const anyPort = '127.0.0.1:0';

/** A running command of the portal's. */
export interface Running {
  /** The address that it has announced under this name. */
  address(name: string): string;
  stop(): Promise<void>;
}

/**
 * Runs the release build ($PORTAL_BIN names another one) until it has announced its addresses, a line for each name,
 * and then has done whatever `ready` waits for before the deadline.
 */
export async function run(
  args: string[],
  names: string[],
  ready: (address: (name: string) => string, deadline: AbortSignal) => Promise<void> = async () => {},
): Promise<Running> {
  const binary = path.resolve(process.env.PORTAL_BIN ?? path.join(repository, 'target/release/plain-portal'));
  const child = spawn(binary, args, { cwd: repository, stdio: ['ignore', 'pipe', 'pipe'] });
  // Whatever ends us ends it too.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);

  const gone = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => resolve(`ended with ${code ?? signal}`));
  });
  let log = '';
  child.stderr.on('data', (chunk) => (log = (log + String(chunk)).slice(-4_000)));

  const addresses = new Map<string, string>();
  const address = (name: string) => addresses.get(name)!;
  const announced = new Promise<void>((resolve) => {
    // Reads on to the end, so that the command never waits for a reader.
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, name, url] = /^(.+?)\s+(http\S+)$/.exec(line.trim()) ?? [];
      if (name !== undefined && url !== undefined) addresses.set(name, url);
      if (names.every((it) => addresses.has(it))) resolve();
    });
  });

  const stop = async () => {
    process.removeListener('exit', kill);
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const late = setTimeout(kill, stopsWithin);
    await ended;
    clearTimeout(late);
  };

  const deadline = AbortSignal.timeout(startsWithin);
  const overdue = new Promise<string>((resolve) => {
    deadline.addEventListener('abort', () => resolve(`was not ready within ${startsWithin / 1000} s`));
  });
  const trouble = await Promise.race([announced.then(() => ready(address, deadline)), gone, overdue]);
  if (trouble !== undefined) {
    await stop();
    throw new Error(`${binary} ${args[0]} ${trouble}\n${log}`);
  }
  return { address, stop };
}
