import type { BrowserContext } from '@playwright/test';
import { expect, test } from '../support/fixtures';

// Content-Security-Policy in a real browser: no page of ours breaks its own, and what breaks it is stopped.

/** Every violation that a page of this context meets, as `directive: what was blocked`. */
async function violations(context: BrowserContext): Promise<string[]> {
  const found: string[] = [];
  await context.exposeBinding('violated', (_source, what: string) => found.push(what));
  await context.addInitScript(() => {
    window.addEventListener('securitypolicyviolation', (event) => {
      const { violated } = window as unknown as { violated: (what: string) => void };
      violated(`${location.pathname}: ${event.effectiveDirective}: ${event.blockedURI} ${event.sample}`);
    });
  });
  return found;
}

test('no page breaks its policy', async ({ context, page, portal, sandbox, demo, unique }) => {
  // Many pages, and some of them wait for a Plain that is away.
  test.slow();
  const found = await violations(context);
  const nonces = new Set<string>();
  let pages = 0;
  page.on('response', (response) => {
    if (!response.url().startsWith(demo.portal) || !response.request().isNavigationRequest()) return;
    if (response.status() >= 300 && response.status() < 400) return;
    pages += 1;
    const policy = response.headers()['content-security-policy'] ?? '';
    nonces.add(/script-src 'nonce-([\w-]{22,})' 'strict-dynamic'/.exec(policy)?.[1] ?? `none at ${response.url()}`);
  });
  const shows = async (heading: string) => expect(portal.heading(heading)).toBeVisible();

  await test.step('without a session', async () => {
    for (const path of ['', 'threads/new', 'threads/T-34']) expect((await portal.open(path)).status()).toBe(401);
    expect((await portal.open('auth/handoff?token=nonsense')).status()).toBe(401);
    await shows('We could not sign you in');
  });

  await portal.signIn();
  await test.step('lists', async () => {
    for (const query of ['', '?status=all', '?status=waiting', '?status=done', '?q=route', '?q=x', '?q=nothing-has-this', '?who=mine&sort=newest'])
      expect((await portal.open(query)).status()).toBe(200);
  });

  await test.step('requests of every kind', async () => {
    await portal.open('?status=all');
    const addresses = await page
      .getByRole('main')
      .locator('a[href*="/threads/"]:not([href$="/threads/new"])')
      .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href));
    expect(addresses.length).toBeGreaterThan(3);
    for (const address of addresses) expect((await page.goto(address))?.status()).toBe(200);
  });

  await test.step('forms, taken and refused', async () => {
    await portal.ask(unique('Under a policy'), 'With `code` and <b>tags</b>.');
    await portal.answer(unique('An answer'));
    await portal.button('Send reply').click();
    await expect(portal.problem).toBeVisible();
    await sandbox.fail({ kind: 'refusal', code: 'input_validation', on: 'replyToThread', times: 1 });
    await portal.reply.fill('Too much of something');
    await portal.button('Send reply').click();
    await expect(page.getByRole('article').filter({ hasText: 'Not sent' })).toBeVisible();
    await portal.open('threads/new');
    await portal.button('Send request').click();
    await expect(portal.problem).toBeVisible();
  });

  await test.step('errors', async () => {
    expect((await portal.open('nowhere')).status()).toBe(404);
    expect((await portal.open('threads/T-99999')).status()).toBe(404);
    expect((await portal.open('pkg/none.js')).status()).toBe(404);
    expect((await portal.open('api/ask')).status()).toBe(405);
    await sandbox.fail({ kind: '503', on: 'queries' });
    expect((await portal.open('')).status()).toBe(503);
    await shows('Support cannot be reached right now');
    await sandbox.mend();
  });

  await test.step('a form from elsewhere, and one that is too large', async () => {
    const send = async (text: string) =>
      page.evaluate(
        ([action, message]) => {
          const form = document.createElement('form');
          form.method = 'post';
          form.action = action!;
          const field = document.createElement('textarea');
          field.name = 'message';
          field.value = message!;
          form.append(field);
          document.body.append(form);
          form.submit();
        },
        [`${demo.portal}/api/ask`, text],
      );
    await page.goto('about:blank');
    await send('From elsewhere');
    await shows('This page was opened from somewhere else');
    await portal.open('threads/new');
    await send('x'.repeat(600 * 1024));
    await shows('That was too much at once');
  });

  expect(pages).toBeGreaterThan(20);
  expect(nonces.size, 'a nonce for each page').toBe(pages);
  expect([...nonces].filter((nonce) => nonce.startsWith('none'))).toEqual([]);
  expect(found).toEqual([]);
});

test('what a policy is for is stopped, and noticed', async ({ browser, demo }) => {
  // A context of its own: here pages are made to log errors.
  const context = await browser.newContext();
  const found = await violations(context);
  const page = await context.newPage();
  // As if a stranger's words had got into the page as markup.
  const markup = `<script>window.hasRun = true</script><style>body { display: none }</style>
    <img src="https://elsewhere.example/pixel.png" onerror="window.hasRun = true"><a href="javascript:window.hasRun = true">x</a>
    <iframe src="https://elsewhere.example/"></iframe><base href="https://elsewhere.example/">`;
  await page.route(demo.portal, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace('</main>', `${markup}</main>`) });
  });
  await page.goto(demo.portal);
  await page.getByRole('link', { name: 'x', exact: true }).click();
  const directives = () => found.map((what) => what.split(': ')[1]);
  await expect.poll(directives).toEqual(
    expect.arrayContaining(['script-src-elem', 'script-src-attr', 'style-src-elem', 'img-src', 'frame-src', 'base-uri']),
  );
  expect(await page.evaluate(() => 'hasRun' in window)).toBe(false);
  await context.close();
});
