/**
 * Pictures of every page, to look at and for the README: npm run screenshots -- DIRECTORY
 * Desktop and phone, light and dark, of the release build's demo.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { launchOptions, sizes } from './support/browser';
import { startDemo, type Demo } from './support/demo';
import { Portal } from './support/portal';

async function main(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const demo = await startDemo();
  const browser = await chromium.launch(launchOptions);
  try {
    for (const [size, viewport] of Object.entries(sizes)) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const page = await browser.newPage({ viewport, colorScheme });
        await take(page, demo, (name) => path.join(directory, `${name}-${size}-${colorScheme}.png`));
        await page.context().close();
      }
    }
  } finally {
    await browser.close();
    await demo.stop();
  }
}

async function take(page: Page, demo: Demo, file: (name: string) => string): Promise<void> {
  const portal = new Portal(page, demo);
  const picture = (name: string) => page.screenshot({ path: file(name), fullPage: true });

  await page.goto(demo.host);
  await picture('host');
  await portal.open('');
  await picture('signed-out');
  await portal.signIn();
  await picture('requests');
  await portal.firstRequest().click();
  await portal.conversation.waitFor();
  await picture('request');
  await portal.open('threads/new');
  await picture('new-request');
  await portal.title.fill('The export stops at row 1000');
  await portal.button('Send request').click();
  await portal.problem.waitFor();
  await picture('new-request-problem');
  await portal.open('threads/none');
  await picture('not-found');

  const faults = new URL('/sandbox/faults', demo.sandbox);
  const fail = (body: object) => fetch(faults, { method: 'POST', body: JSON.stringify(body) });
  const messages: [string, object][] = [
    ['sending', { kind: '429', on: 'mutations', retryAfter: 60 }],
    ['not-sent', { kind: 'refusal', code: 'input_validation' }],
  ];
  for (const [name, fault] of messages) {
    await portal.openRequests();
    await portal.firstRequest().click();
    await fail(fault);
    await portal.reply.fill('The **second** van has the old firmware too. Shall I send you its log?');
    await portal.button('Send reply').click();
    await page.locator('#outgoing').first().waitFor();
    await picture(`request-${name}`);
    await fetch(faults, { method: 'DELETE' });
  }
  await portal.openRequests();
  await picture('requests-not-sent');
  await fail({ kind: '503' });
  await portal.open('');
  await picture('unavailable');
  await fetch(faults, { method: 'DELETE' });
  for (;;) {
    await portal.openRequests();
    const unsent = page.locator('.unsent a').first();
    if ((await unsent.count()) === 0) break;
    await unsent.click();
    await portal.button('Discard').first().click();
  }
}

const [directory] = process.argv.slice(2);
if (directory === undefined) {
  console.error('Say where to: npm run screenshots -- DIRECTORY');
  process.exitCode = 2;
} else {
  void main(path.resolve(directory));
}
