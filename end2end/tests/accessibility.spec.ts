import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '../support/fixtures';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no page has a problem that axe finds: ${colorScheme}`, async ({ page, portal, unique }) => {
    // Many pages, each looked through as a whole.
    test.slow();
    await page.emulateMedia({ colorScheme });

    const check = (name: string) =>
      test.step(name, async () => {
        const { violations, passes } = await new AxeBuilder({ page }).analyze();
        expect(passes.length).toBeGreaterThan(0);
        const found = violations.map(({ id, nodes }) => ({ id, where: nodes.map((node) => node.html) }));
        expect.soft(found, name).toEqual([]);
        const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect.soft(tooWide, `${name}: pixels wider than the window`).toBeLessThanOrEqual(0);
      });

    await portal.open('');
    await expect(portal.heading('You are not signed in')).toBeVisible();
    await check('signed out');

    await portal.signIn();
    await check('requests');
    await portal.search('route');
    await check('a search');
    await portal.search('x');
    await check('a search for one character');
    await portal.ask(unique('With code'), 'A question with `code`:\n\n```\n' + 'wide '.repeat(80) + '\n```');
    await check('one request');
    await portal.open('threads/new');
    await check('new request');
    await portal.button('Send request').click();
    await expect(portal.problem).toBeVisible();
    await check('new request with problems');
    await portal.open('threads/none');
    await expect(portal.heading('Page not found')).toBeVisible();
    await check('not found');
  });
}
