import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { everyState } from '../support/states';

/** WCAG 2.2, 2.5.8: a target is 24 by 24 CSS pixels or more; links within sentences are excepted. */
const smallestTarget = 24;

async function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate((least) => {
    const targets = document.querySelectorAll<HTMLElement>('a[href], button, input:not([type=hidden]), select, textarea, summary');
    return [...targets]
      .filter((target) => target.checkVisibility() && target.closest('.prose, .plain-text, .visually-hidden, .skip-link') === null)
      .map((target) => {
        const boxes = [target.getBoundingClientRect()];
        // A link whose row is the target has the row as its box.
        const row = getComputedStyle(target, '::after').position === 'absolute' ? target.closest('li') : null;
        if (row !== null) boxes.push(row.getBoundingClientRect());
        const [width, height] = [Math.max(...boxes.map((box) => box.width)), Math.max(...boxes.map((box) => box.height))];
        return { what: target.outerHTML.slice(0, 120), width, height };
      })
      .filter(({ width, height }) => width < least || height < least)
      .map(({ what, width, height }) => `${width.toFixed(1)} × ${height.toFixed(1)}: ${what}`);
  }, smallestTarget);
}

test('no page has a problem that axe finds, a target too small or a line too wide', async ({ page, portal, sandbox, demo }) => {
  // Many pages, each looked through as a whole.
  test.setTimeout(180_000);
  // The quicker mode, for pages without frames.
  const axe = () => new AxeBuilder({ page }).setLegacyMode();
  const violations = async (axe: AxeBuilder) => {
    const { violations, passes } = await axe.analyze();
    expect(passes.length).toBeGreaterThan(0);
    return violations.map(({ id, nodes }) => ({ id, where: nodes.map((node) => node.html) }));
  };
  await everyState({ page, portal, sandbox, demo }, (name) =>
    test.step(name, async () => {
      await page.emulateMedia({ colorScheme: 'light' });
      expect.soft(await violations(axe()), `${name}, light`).toEqual([]);
      // Of what axe knows only the contrast depends on the scheme.
      await page.emulateMedia({ colorScheme: 'dark' });
      expect.soft(await violations(axe().withRules(['color-contrast'])), `${name}, dark`).toEqual([]);
      expect.soft(await smallTargets(page), `${name}: targets that are too small`).toEqual([]);
      const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect.soft(tooWide, `${name}: pixels wider than the window`).toBeLessThanOrEqual(0);
    }),
  );
});

test('a refused form leads to what is wrong with it', async ({ page, portal }) => {
  await portal.signIn();
  await portal.open('threads/new');
  await portal.button('Send request').click();
  await expect(portal.problem).toBeFocused();
  await expect(page).toHaveTitle(/^Error: New request/);
  for (const [field, words] of [
    [portal.title, 'Enter a title'],
    [portal.message, 'Enter a message'],
  ] as const) {
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await expect(field).toHaveAccessibleDescription(new RegExp(words));
    await portal.problem.getByRole('link', { name: words }).click();
    await expect(field).toBeFocused();
  }
});
