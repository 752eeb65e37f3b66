import { expect, test } from '../support/fixtures';

// What JavaScript adds to the reply box. That it works without is in every other test.

test.beforeEach(async ({ portal, unique }) => {
  await portal.signIn();
  await portal.ask(unique('Reply box'), 'A question.');
});

test('Ctrl+Enter sends', async ({ page, portal, unique }) => {
  const reply = unique('Sent by keys.');
  await portal.reply.fill(reply);
  await page.keyboard.press('Control+Enter');
  await expect(portal.messageWith(reply)).toHaveCount(1);
});

test('the button says that it is sending, and cannot be pressed again', async ({ page, portal, unique }) => {
  const reply = unique('Takes its time.');
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route('**', async (route) => {
    if (route.request().method() === 'POST') await held;
    await route.continue();
  });

  await portal.reply.fill(reply);
  const button = page.locator('form').filter({ has: portal.reply }).getByRole('button');
  await expect(button).toBeEnabled();
  await page.keyboard.press('Control+Enter');
  await expect(button).toBeDisabled();
  await expect(button).toHaveText(/sending/i);
  letGo();
  await expect(portal.messageWith(reply)).toHaveCount(1);
  await expect(portal.button('Send reply')).toBeEnabled();
});

test('the box grows with what is written', async ({ portal }) => {
  const height = async () => (await portal.reply.boundingBox())?.height ?? 0;
  const empty = await height();
  expect(empty).toBeGreaterThan(0);
  await portal.reply.fill('A line.\n'.repeat(15));
  await expect.poll(height).toBeGreaterThan(empty);
});
