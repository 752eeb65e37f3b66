import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

const repository = path.resolve(__dirname, __dirname.endsWith('build/support') ? '../../..' : '../..');
const startsWithin = 30_000;
const stopsWithin = 5_000;

/** A running `plain-portal demo`: a portal, a host product and a sandbox Plain of its own, all in memory. */
export interface Demo {
  /** The portal's front page, without a slash at the end. */
  portal: string;
  /** The host product's front page. */
  host: string;
  /** The sandbox's GraphQL endpoint. */
  sandbox: string;
  stop(): Promise<void>;
}

/** Starts the release build ($PORTAL_BIN names another one) on free ports and waits until it is ready. */
export async function startDemo(): Promise<Demo> {
  const binary = path.resolve(process.env.PORTAL_BIN ?? path.join(repository, 'target/release/plain-portal'));
  const anyPort = '127.0.0.1:0';
  const child = spawn(
    binary,
    ['demo', '--portal-addr', anyPort, '--host-addr', anyPort, '--sandbox-addr', anyPort],
    { cwd: repository, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  // Whatever ends us ends the demo too.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);

  const gone = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => resolve(`ended with ${code ?? signal}`));
  });
  let log = '';
  child.stderr.on('data', (chunk) => (log = (log + String(chunk)).slice(-4_000)));

  const addresses = new Map<string, string>();
  const announced = new Promise<void>((resolve) => {
    // Reads on to the end, so that the demo never waits for a reader.
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, name, address] = /^(Portal|Host product|Sandbox Plain)\s+(http\S+)$/.exec(line.trim()) ?? [];
      if (name !== undefined && address !== undefined) addresses.set(name, address);
      if (addresses.size === 3) resolve();
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
  const ready = announced.then(() => answers(`${new URL(addresses.get('Portal')!).origin}/readyz`, deadline));
  const trouble = await Promise.race([ready, gone, overdue]);
  if (trouble !== undefined) {
    await stop();
    throw new Error(`${binary} demo ${trouble}\n${log}`);
  }

  return {
    portal: addresses.get('Portal')!.replace(/\/$/, ''),
    host: addresses.get('Host product')!,
    sandbox: addresses.get('Sandbox Plain')!,
    stop,
  };
}

/** Asks until the answer is 200 or the deadline has passed. */
async function answers(url: string, deadline: AbortSignal): Promise<undefined> {
  while (!deadline.aborted) {
    const status = await fetch(url, { signal: deadline }).then(
      (response) => response.status,
      () => undefined,
    );
    if (status === 200) return;
    await pause(50);
  }
}
