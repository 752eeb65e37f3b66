import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';

/** Presses Tab until the element has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  const patience = 100;
  for (let presses = 0; presses < patience; presses += 1) {
    await page.keyboard.press('Tab');
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`the focus did not come to ${target} within ${patience} presses of Tab`);
}

test('signing in, opening a request and replying need no mouse', async ({ page, portal, demo, unique }) => {
  const title = unique('Asked before');
  const reply = unique('Typed only.');
  await portal.signIn();
  await portal.ask(title, 'A question.');

  await page.goto(demo.host);
  await tabTo(page, portal.supportLink());
  await page.keyboard.press('Enter');
  await expect(portal.heading('Your requests')).toBeVisible();

  await tabTo(page, portal.request(title));
  await page.keyboard.press('Enter');
  await expect(portal.heading(title)).toBeVisible();

  await tabTo(page, portal.reply);
  await page.keyboard.type(reply);
  await tabTo(page, portal.button('Send reply'));
  await page.keyboard.press('Enter');
  await expect(portal.messageWith(reply)).toBeVisible();
});
