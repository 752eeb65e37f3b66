import { examples, known, missing, ours, type Attack } from '../support/attacks';
import { expect, test } from '../support/fixtures';
import { Harm } from '../support/harm';

// What people write who mean harm, wherever a page shows it. Without the content security policy, which would hide what
// gets through: that is the second line of defence, and this is about the first.
test.use({ bypassCSP: true });
test.describe.configure({ mode: 'parallel' });

const atOnce = 30;

test.beforeEach(async ({ portal }) => {
  // Each attack has two pages, and the machine may have other things to do.
  test.setTimeout(240_000);
  await portal.signIn();
});

for (const [name, attacks] of [
  ['our attacks', ours],
  ["DOMPurify's attacks", known ?? []],
] as [string, Attack[]][]) {
  for (let first = 0; first < attacks.length; first += atOnce) {
    const some = attacks.slice(first, first + atOnce);
    test(`${name} ${first + 1} to ${first + some.length} do nothing in requests, messages, names and searches`, async ({
      page,
      portal,
      sandbox,
      demo,
      unique,
      javaScriptEnabled,
    }) => {
      test.skip(!javaScriptEnabled && attacks !== ours, 'without JavaScript nothing can fire, and our own show whether a page breaks');
      const title = unique('Harmless');
      await portal.ask(title, 'A question.');
      const own = await sandbox.threadTitled(title);
      const harm = await Harm.watch(page, demo.portal);
      const email = () => `${unique('s').replace(/\W/g, '')}@stranger.example`;

      await harm.open(`/threads/${await sandbox.askInEveryWay(own, email(), 'Harmless')}`);
      const request = await harm.outline();
      await harm.open('/?q=Nothing+like+this');
      const search = await harm.outline();

      for (const { title, payload } of some) {
        await test.step(title, async () => {
          await harm.open(`/threads/${await sandbox.askInEveryWay(own, email(), payload)}`);
          expect(await harm.outline(), payload).toBe(request);
          await expect(portal.reply).toBeEditable();
          await harm.open(`/?q=${encodeURIComponent(`Likenothingelse ${payload}`.slice(0, 190))}`);
          expect(await harm.outline(), payload).toBe(search);
        });
      }
      // All of them, one beside the other.
      await harm.open('/');
      await expect(portal.heading('Your requests')).toBeVisible();
      await expect(portal.searchField).toBeEditable();
    });
  }
}

for (let first = 0; first < examples.length; first += 50) {
  const some = examples.slice(first, first + 50);
  test(`CommonMark's examples ${first + 1} to ${first + some.length} do nothing`, async ({ page, portal, sandbox, demo, unique, javaScriptEnabled }) => {
    test.skip(!javaScriptEnabled, 'without JavaScript nothing can fire');
    const title = unique('Harmless');
    await portal.ask(title, 'A question.');
    const own = await sandbox.threadTitled(title);
    const harm = await Harm.watch(page, demo.portal);
    const outline = async (texts: string[]) => {
      await harm.open(`/threads/${await sandbox.askInMarkdown(own, texts)}`);
      return harm.outline();
    };
    expect(await outline(some)).toBe(await outline(some.map(() => 'Harmless')));
    await expect(portal.reply).toBeEditable();
  });
}

test("DOMPurify's attacks are there", () => {
  if (known === undefined) console.error(`skipped: ${missing}`);
  test.skip(known === undefined, missing);
  expect(known?.length).toBeGreaterThan(100);
});

test('what would get through is seen', async ({ page, portal, sandbox, demo, unique, javaScriptEnabled }) => {
  const title = unique('Broken into');
  const message = unique('This is where words become markup');
  await portal.ask(title, message);
  const address = `/threads/${(await sandbox.threadTitled(title)).id}`;
  let markup = 'Harmless';
  await page.route(`**${address}`, async (route) => {
    const response = await route.fetch();
    const html = await response.text();
    expect(html).toContain(message);
    await route.fulfill({ response, body: html.replace(message, markup) });
  });
  const harm = await Harm.watch(page, demo.portal);
  await harm.open(address);
  const harmless = await harm.outline();
  for (markup of ['</p></div></article>', '<svg></svg>', '<style></style>', '<iframe></iframe>', '<form></form>', '<p style="color: red">x</p>']) {
    const outline = await harm.open(address).then(() => harm.outline(), String);
    expect(outline, markup).not.toBe(harmless);
  }
  for (markup of ['<a href="javascript:1">x</a>', '<a href="https://a.example">x</a>', '<b onclick="1">x</b>', '<b id="main">x</b>']) {
    await expect(harm.open(address), markup).rejects.toThrow();
  }
  if (!javaScriptEnabled) return;
  for (markup of ['<script>alert(1)</script>', '<b tabindex="0" onfocus="alert(1)">x</b>', '<script>xss = 1</script>', '<img src="/favicon.svg?x">']) {
    await expect(harm.open(address), markup).rejects.toThrow();
  }
});

/** What a form can hold: without NUL, which no page can. */
const typed = ours.map(({ payload }) => payload.replaceAll('\0', ''));

test('attacks stay in the fields of a form that was refused', async ({ page, portal, demo }) => {
  const harm = await Harm.watch(page, demo.portal);
  const refused = async (title: string, message: string) => {
    await harm.open('/threads/new');
    await portal.title.fill(title);
    await portal.message.fill(message);
    await harm.send(portal.button('Send request'));
    await expect(portal.problem).toBeVisible();
    // A title loses what nobody sees in it.
    const seen = (words: string) => words.replace(/[^!-~]/g, '');
    expect(seen(await portal.title.inputValue())).toBe(seen(title));
    await expect(portal.message).toHaveValue(message);
    return harm.outline();
  };
  const long = 'Too long to be sent.'.repeat(1_000);
  const message = typed.join('\n').replace(/\r\n?/g, '\n').trim();
  expect(message.length, 'too long to be sent').toBeGreaterThan(10_000);
  const harmless = await refused(long, long);
  expect(await refused(typed.join(' ').replace(/[\r\n]+/g, ' '), message)).toBe(harmless);
});

test('attacks do nothing in a message that waits to be sent', async ({ page, portal, sandbox, demo, unique }) => {
  const title = unique('Waits with attacks');
  await portal.ask(title, 'An answer to this has to wait.');
  const { id } = await sandbox.threadTitled(title);
  const harm = await Harm.watch(page, demo.portal);
  const waiting = page.getByRole('article').filter({ hasText: 'Sending…' });
  const waits = async (text: string) => {
    await harm.open(`/threads/${id}`);
    await sandbox.fail({ kind: '429', on: 'replyToThread', retryAfter: 600, times: 1 });
    await portal.reply.fill(text);
    await harm.send(portal.button('Send reply'));
    await expect(waiting).toHaveCount(1);
    const outline = await harm.outline();
    await harm.send(waiting.getByRole('button', { name: 'Discard' }));
    await expect(waiting).toHaveCount(0);
    return outline;
  };
  const harmless = await waits('Harmless');
  for (let first = 0; first < typed.length; first += atOnce) {
    const some = typed.slice(first, first + atOnce).join('\n\n').slice(0, 9_900);
    expect(await waits(some), some).toBe(harmless);
  }
});
