import { expect, test } from '../support/fixtures';

// What JavaScript adds to the reply box. That it works without is in every other test.

test.beforeEach(async ({ page, portal, unique }) => {
  await portal.signIn();
  await portal.ask(unique('Reply box'), 'A question.');
  // From here on its script runs.
  await expect(page.locator('.files__picker[data-live]')).toBeVisible();
});

test('Ctrl+Enter sends', async ({ page, portal, unique }) => {
  const reply = unique('Sent by keys.');
  await portal.reply.fill(reply);
  await page.keyboard.press('Control+Enter');
  await expect(portal.messageWith(reply)).toHaveCount(1);
});

test('the button says that it is sending, and nothing is sent again meanwhile', async ({ page, portal, unique }) => {
  let sent = 0;
  // "No content" leaves the browser on the page: it stays as it is while a reply is on its way.
  await page.route('**', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    sent += 1;
    return route.fulfill({ status: 204 });
  });

  await portal.reply.fill(unique('Takes its time.'));
  const button = page.locator('form').filter({ has: portal.reply }).locator('button[type=submit]');
  await expect(button).toBeEnabled();
  await button.click();
  await expect(button).toBeDisabled();
  await expect(button).toHaveText(/sending/i);

  await portal.reply.press('Control+Enter');
  // Two frames later a second request would be out.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  expect(sent).toBe(1);
});

test('the box grows with what is written', async ({ portal }) => {
  const height = async () => (await portal.reply.boundingBox())?.height ?? 0;
  const empty = await height();
  expect(empty).toBeGreaterThan(0);
  await portal.reply.fill('A line.\n'.repeat(15));
  await expect.poll(height).toBeGreaterThan(empty);
});
