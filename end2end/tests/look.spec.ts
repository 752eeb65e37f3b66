import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';

// What the style sheet promises. Pictures of it: npm run screenshots.

const paths = ['', '?q=zeppelin', 'threads/T-29', 'threads/new', 'threads/none', '_showcase'];

test.beforeEach(({ portal }) => portal.signIn());

/** What sticks out of the window, to either side, and is not in a box that scrolls by itself. */
async function sticksOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const scrolls = (element: Element) => element.closest('pre, table') !== null;
    return [...document.querySelectorAll('body *')]
      .filter((element) => !scrolls(element) && element.closest('.visually-hidden, .skip-link, svg') === null)
      .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
      .map((element) => element.outerHTML.slice(0, 120));
  });
}

/** Whose words do not fit the shape that is drawn around them. */
async function spills(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const fits = (element: Element) => {
      const words = document.createRange();
      words.selectNodeContents(element);
      const [inner, outer] = [words.getBoundingClientRect(), element.getBoundingClientRect()];
      return inner.left >= outer.left - 1 && inner.right <= outer.right + 1 && inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
    };
    return [...document.querySelectorAll('.button, .status, .avatar, .brand__tile, .message__role, .badge, .filters a')]
      .filter((element) => element.checkVisibility() && !fits(element))
      .map((element) => element.outerHTML.slice(0, 120));
  });
}

test('nothing moves while a page loads', async ({ page, portal }) => {
  await page.addInitScript(() => {
    const shifts: number[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifts.push((entry as PerformanceEntry & { value: number }).value);
    }).observe({ type: 'layout-shift', buffered: true });
  });
  const client = await page.context().newCDPSession(page);
  for (const path of paths) {
    await client.send('Network.clearBrowserCache');
    await portal.open(path);
    await page.waitForLoadState('networkidle');
    // What has been laid out by now has been reported two frames later.
    const shifts = await page.evaluate(async () => {
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      return (window as unknown as { shifts: number[] }).shifts;
    });
    expect.soft(shifts, `/${path}`).toEqual([]);
  }
});

for (const [name, viewport, style] of [
  ['320 pixels', { width: 320, height: 640 }, ''],
  // Zoomed in to 200 %, a window of 1280 by 900 has this much room.
  ['200 % zoom', { width: 640, height: 450 }, ''],
  ['text twice as large', { width: 640, height: 900 }, 'html { font-size: 200% }'],
  // WCAG 2.2, 1.4.12.
  [
    'more space around letters, words and lines',
    { width: 320, height: 640 },
    '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }',
  ],
] as const) {
  test(`every page fits: ${name}`, async ({ page, portal }) => {
    await page.setViewportSize(viewport);
    for (const path of paths) {
      await portal.open(path);
      // Not an element with styles in it, which the page's policy forbids.
      await page.evaluate((style) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(style);
        document.adoptedStyleSheets = [sheet];
      }, style);
      expect.soft(await sticksOut(page), `/${path}`).toEqual([]);
      expect.soft(await spills(page), `/${path}`).toEqual([]);
    }
  });
}

test('what has the focus can be seen, and seen to have it', async ({ page, portal }) => {
  // Looked at where it is, not on its way there.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await portal.open('_showcase');
  await page.locator('body').click({ position: { x: 1, y: 1 } });
  let seen = 0;
  for (; seen < 200; seen += 1) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return null;
      const { left, top, width, height } = element.getBoundingClientRect();
      const [x, y] = [left + Math.min(width, innerWidth) / 2, top + Math.min(height, innerHeight) / 2];
      const onTop = document.elementFromPoint(x, y);
      const outlines = [getComputedStyle(element), getComputedStyle(element, '::after')];
      return {
        what: element.outerHTML.slice(0, 120),
        uncovered: onTop !== null && (element.contains(onTop) || onTop.contains(element)),
        outlined: outlines.some((style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2),
      };
    });
    if (focus === null) break;
    expect.soft(focus).toEqual({ what: focus.what, uncovered: true, outlined: true });
  }
  expect(seen).toBeGreaterThan(20);
});

test("the reader's own colours leave every shape", async ({ page, portal }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await portal.open('_showcase');
  // What a background alone tells apart is gone with it: these have a border.
  const bare = await page.evaluate(() =>
    [...document.querySelectorAll('.button:not(.button--quiet), .message, .avatar, .panel, .error-summary, .callout, .ledger')]
      .filter((element) => {
        const style = getComputedStyle(element);
        return parseFloat(style.borderTopWidth) === 0 || style.borderTopColor === style.backgroundColor;
      })
      .map((element) => element.outerHTML.slice(0, 120)),
  );
  expect(bare).toEqual([]);
  // The current one is told by the colours that the reader has chosen for what is selected.
  const ground = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => getComputedStyle(element).backgroundColor);
  expect(await ground('.filters [aria-current]')).not.toEqual(await ground('.filters a:not([aria-current])'));
});

test('a request on paper has its words and no controls', async ({ page, portal }) => {
  await portal.open('threads/T-29');
  const words = await portal.conversation.locator('.message__body').allInnerTexts();
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  for (const gone of [page.getByRole('navigation'), page.getByRole('button'), page.getByRole('textbox'), page.getByText('All requests')]) {
    await expect(gone.filter({ visible: true })).toHaveCount(0);
  }
  expect(words.length).toBeGreaterThan(1);
  expect(await portal.conversation.locator('.message__body').allInnerTexts()).toEqual(words);
  const ink = await page.evaluate(() => getComputedStyle(document.body).color);
  expect(ink, 'dark on white, whatever the screen has').toBe('rgb(27, 31, 36)');
});

test('who wants no motion gets none', async ({ page, portal }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await portal.open('_showcase');
  const moving = await page.evaluate(() =>
    [...document.querySelectorAll('*')]
      .map((element) => getComputedStyle(element))
      .filter((style) => style.scrollBehavior === 'smooth' || style.animationName !== 'none' || parseFloat(style.transitionDuration) > 0).length,
  );
  expect(moving).toBe(0);
});
