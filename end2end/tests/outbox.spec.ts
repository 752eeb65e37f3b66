import { expect, test } from '../support/fixtures';

// What becomes of messages while Plain has its troubles.

test.beforeEach(async ({ portal }) => portal.signIn());

test('a refused answer stays with its reason, can be changed, and is sent', async ({ portal, sandbox, unique }) => {
  const title = unique('Refused at first');
  await portal.ask(title, 'An answer to this is refused.');
  await sandbox.fail({ kind: 'refusal', code: 'input_validation', on: 'replyToThread', times: 1 });
  await portal.reply.fill('Too much of something');
  await portal.button('Send reply').click();
  const unsent = portal.page.getByRole('article').filter({ hasText: 'Not sent' });
  await expect(unsent).toContainText('change it');
  await unsent.getByRole('textbox').fill('Just right');
  await unsent.getByRole('button', { name: 'Try again' }).click();
  await expect(portal.page.getByRole('article').filter({ hasText: 'Just right' })).toBeVisible();
  await expect(unsent).toHaveCount(0);
});

test('an answer that has to wait says so, and can be taken back', async ({ portal, sandbox, unique }) => {
  const title = unique('Has to wait');
  await portal.ask(title, 'An answer to this has to wait.');
  await sandbox.fail({ kind: '429', on: 'replyToThread', retryAfter: 600, times: 1 });
  await portal.reply.fill('No hurry');
  await portal.button('Send reply').click();
  const waiting = portal.page.getByRole('article').filter({ hasText: 'Sending…' });
  await expect(waiting).toContainText('No hurry');
  await portal.openRequests();
  await portal.page.getByRole('link', { name: 'No hurry' }).click();
  await waiting.getByRole('button', { name: 'Discard' }).click();
  await expect(waiting).toHaveCount(0);
  await expect(portal.page.getByText('No hurry')).toHaveCount(0);
});
