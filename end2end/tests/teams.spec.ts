import { expect, test } from '../support/fixtures';

test('who belongs to two teams goes from one to the other, and sees the one only', async ({ page, portal, sandbox }) => {
  await portal.signIn('Lena Fischer', 'Mora Solar');
  const lead = page.getByText(/^What .+ has asked support\.$/);
  await expect(lead).toHaveText('What Mora Solar has asked support.');
  await portal.open('?status=all');
  const address = await portal.firstRequest().getAttribute('href');
  const title = await portal.firstRequest().innerText();

  // Opens without JavaScript too, and by the keyboard.
  const menu = page.locator('summary').filter({ hasText: 'Mora Solar' });
  await menu.focus();
  await page.keyboard.press('Enter');
  await portal.button('Northwind Facilities').press('Enter');
  await expect(lead).toHaveText('What Northwind Facilities has asked support.');
  await portal.open('?status=all');
  await expect(portal.request(title)).toHaveCount(0);
  const id = /th_\w+/.exec(address ?? '')?.[0];
  expect((await portal.open(`threads/${id}`)).status()).toBe(404);
  expect((await sandbox.threads()).map((thread) => thread.id)).toContain(id);

  await page.locator('summary').filter({ hasText: 'Northwind Facilities' }).click();
  await portal.button('Mora Solar').click();
  await expect(lead).toHaveText('What Mora Solar has asked support.');
  expect((await portal.open(`threads/${id}`)).status()).toBe(200);
});
