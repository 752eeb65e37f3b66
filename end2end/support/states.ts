import { expect, type Page } from '@playwright/test';
import type { Demo } from './demo';
import type { Portal } from './portal';
import type { Sandbox } from './sandbox';

/** Opens, one after the other, every page of the portal in every state that it can be in, and calls `look` at each. */
export async function everyState(
  { page, portal, sandbox, demo }: { page: Page; portal: Portal; sandbox: Sandbox; demo: Demo },
  look: (name: string) => Promise<void>,
): Promise<void> {
  const shown = (heading: string) => expect(portal.heading(heading)).toBeVisible();
  /** Looks at a page while Plain has its troubles. */
  const during = async (fault: Record<string, string | number>, name: string, arrive: () => Promise<unknown>) => {
    await sandbox.fail(fault);
    await arrive();
    await look(name);
    await sandbox.mend();
  };

  await portal.open('');
  await shown('You are not signed in');
  await look('401');
  await page.goto(`${demo.portal}/auth/handoff?token=forged`);
  await shown('We could not sign you in');
  await look('sign-in refused');

  await portal.signIn();
  await look('list');
  await portal.open('?status=all');
  await look('list of all');
  await portal.open('?status=waiting');
  await look('list of what waits');
  await portal.search('route');
  await look('list searched');
  await portal.search('zeppelin');
  await expect(page.getByText('Nothing was found for “zeppelin”')).toBeVisible();
  await look('list without a result');
  await portal.search('x');
  await look('list searched for one character');
  await portal.open('?status=waiting&who=mine');
  await expect(page.getByText('Nothing of yours waits for your answer.')).toBeVisible();
  await look('list empty');
  await during({ kind: 'partial', field: 'lastInboundMessageInfo' }, 'list in part', async () => {
    await portal.open('');
    await expect(page.getByText('Some of this could not be loaded')).toBeVisible();
  });

  await portal.open('threads/T-29');
  await expect(portal.conversation).toBeVisible();
  await look('request with a table');
  await portal.ask(`Looked at (${process.pid})`, 'A question with `code`:\n\n```\n' + 'wide '.repeat(80) + '\n```');
  const address = new URL(page.url()).pathname.replace(/^\//, '');
  await look('request open');
  await portal.button('Send reply').click();
  await expect(portal.problem).toBeVisible();
  await look('request with a refused reply');
  const { id } = await sandbox.threadTitled(`Looked at (${process.pid})`);
  await sandbox.waitForCustomer(id);
  await portal.open(address);
  await expect(portal.button('That solved it')).toBeVisible();
  await look('request waiting');
  await portal.button('That solved it').click();
  await expect(portal.button('Reopen')).toBeVisible();
  await look('request done');

  const reply = async (fate: string) => {
    await portal.open(address);
    await portal.reply.fill('The **second** van has the old firmware too.');
    await portal.button('Send reply').click();
    await expect(page.getByRole('article').filter({ hasText: fate }).first()).toBeVisible();
  };
  const mutation = { on: 'replyToThread', times: 1 };
  await during({ kind: '429', retryAfter: 600, ...mutation }, 'request with a reply on its way', () => reply('Sending…'));
  await during({ kind: 'refusal', code: 'input_validation', ...mutation }, 'request with an unsent reply', () => reply('Not sent'));
  await portal.open('');
  await expect(page.getByRole('heading', { name: /may not have been sent/ })).toBeVisible();
  await look('list with unsent messages');
  await during({ kind: '503' }, '503', async () => {
    await portal.open(address);
    await shown('Support cannot be reached right now');
  });
  for (const button of ['Discard', 'Discard']) {
    await portal.open(address);
    await portal.button(button).first().click();
  }

  await portal.open('threads/new');
  await shown('New request');
  await look('form');
  await portal.button('Send request').click();
  await expect(portal.problem).toBeVisible();
  await look('form refused');
  await portal.open('threads/none');
  await shown('Page not found');
  await look('404');
  await portal.signIn('Lena Fischer', 'Mora Solar');
  await page.locator('summary').click();
  await expect(portal.button('Northwind Facilities')).toBeVisible();
  await look('list with the other teams');
  await sandbox.markAsSpam('usr_ken');
  await portal.signIn('Ken Watanabe', 'Mora Solar');
  await portal.open('threads/new');
  await expect(page.getByText(/on hold/)).toBeVisible();
  await look('form on hold');
  await portal.open('?status=all');
  await portal.firstRequest().click();
  await expect(page.getByText(/on hold/)).toBeVisible();
  await look('request on hold');
  await portal.open('_showcase');
  await shown('Every part');
  await look('showcase');
}
