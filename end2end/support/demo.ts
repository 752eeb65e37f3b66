import { setTimeout as pause } from 'node:timers/promises';
import { anyPort, run } from './binary';

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

/** Starts a demo on free ports and waits until it is ready. */
export async function startDemo(): Promise<Demo> {
  const { address, stop } = await run(
    ['demo', '--portal-addr', anyPort, '--host-addr', anyPort, '--sandbox-addr', anyPort],
    ['Portal', 'Host product', 'Sandbox Plain'],
    (address, deadline) => answers(`${new URL(address('Portal')).origin}/readyz`, deadline),
  );
  return {
    portal: address('Portal').replace(/\/$/, ''),
    host: address('Host product'),
    sandbox: address('Sandbox Plain'),
    stop,
  };
}

/** Asks until the answer is 200 or the deadline has passed. */
async function answers(url: string, deadline: AbortSignal): Promise<void> {
  while (!deadline.aborted) {
    const status = await fetch(url, { signal: deadline }).then(
      (response) => response.status,
      () => undefined,
    );
    if (status === 200) return;
    await pause(50);
  }
}
