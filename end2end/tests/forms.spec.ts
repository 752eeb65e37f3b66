import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';

/** What breaks a page that puts a customer's text back into a form carelessly. */
const awkward = 'First line\n\n  </textarea><b>"quoted"</b> & \'single\' <!-- Grüße 日本 🎈\nlast line';

/**
 * A double click whose first half has reached the portal before the second half happens. Only holding the first answer
 * back makes sure of that: left to itself, Chromium may send nothing before the second click, or be gone after the first.
 */
async function doubleClick(page: Page, button: Locator): Promise<void> {
  let hasArrived = () => {};
  const arrived = new Promise<void>((resolve) => (hasArrived = resolve));
  let wasClickedTwice = () => {};
  const clickedTwice = new Promise<void>((resolve) => (wasClickedTwice = resolve));
  let held = false;
  await page.route('**', async (route) => {
    if (held || route.request().method() !== 'POST') return route.continue();
    held = true;
    const response = await route.fetch({ maxRedirects: 0 });
    hasArrived();
    await clickedTwice;
    // Where the second click sent the form again, the browser no longer waits for the first answer.
    await route.fulfill({ response }).catch(() => {});
  });
  await button.scrollIntoViewIfNeeded();
  const box = await button.boundingBox();
  if (box === null) throw new Error('the button is not on the page');
  // The mouse itself: a locator's click() would wait for the answer.
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.click(x, y);
  await arrived;
  await page.mouse.click(x, y);
  wasClickedTwice();
}

test.beforeEach(({ portal }) => portal.signIn());

test('a new request without a message keeps the title and says what is missing', async ({ portal, sandbox, unique }) => {
  const title = unique('Only a "title" & <nothing> else');
  await portal.open('threads/new');
  await portal.title.fill(title);
  await portal.button('Send request').click();

  await expect(portal.problem).toContainText(/message/i);
  await expect(portal.heading('New request')).toBeVisible();
  await expect(portal.title).toHaveValue(title);
  expect(await sandbox.threadsTitled(title)).toEqual([]);

  await portal.message.fill('Here it is.');
  await portal.button('Send request').click();
  await expect(portal.heading(title)).toBeVisible();
  expect(await sandbox.threadsTitled(title)).toHaveLength(1);
});

test('a new request without a title keeps the message and says what is missing', async ({ portal }) => {
  await portal.open('threads/new');
  await portal.message.fill(awkward);
  await portal.button('Send request').click();

  await expect(portal.problem).toContainText(/title/i);
  await expect(portal.heading('New request')).toBeVisible();
  await expect(portal.message).toHaveValue(awkward);
});

test('spaces are no title and no message', async ({ portal }) => {
  await portal.open('threads/new');
  await portal.title.fill('   ');
  await portal.message.fill(' \n ');
  await portal.button('Send request').click();

  await expect(portal.problem).toContainText(/title/i);
  await expect(portal.problem).toContainText(/message/i);
});

test('a title that is too long is named, and the message kept', async ({ portal, sandbox, unique }) => {
  const title = unique('x'.repeat(5_000));
  const message = unique('With a message.');
  await portal.open('threads/new');
  await portal.title.fill(title);
  await portal.message.fill(message);
  await portal.button('Send request').click();

  await expect(portal.problem).toContainText(/title/i);
  await expect(portal.message).toHaveValue(message);
  expect(await sandbox.threadsTitled(title)).toEqual([]);
});

test('an empty reply is named and not sent', async ({ portal, sandbox, unique }) => {
  const title = unique('Waits for an empty reply');
  await portal.ask(title, 'A question.');
  const { id } = await sandbox.threadTitled(title);
  const before = await sandbox.entries(id);
  await portal.button('Send reply').click();

  await expect(portal.problem).toBeVisible();
  await expect(portal.heading(title)).toBeVisible();
  expect(await sandbox.entries(id)).toEqual(before);
});

test('what a customer writes appears as text, never as part of the page', async ({ page, portal, unique }) => {
  const title = unique('<img src=x onerror=alert(1)> & "co"');
  await portal.ask(title, unique('A <b>harmless</b> </article><h1>question</h1>'));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText([title]);
  await expect(portal.conversation.getByRole('article')).toHaveCount(1);
  await expect(page.locator('img[src="x"]')).toHaveCount(0);

  await portal.openRequests();
  await expect(portal.request(title)).toBeVisible();
});

test.describe('sent twice arrives once', () => {
  test('a new request, by a double click', async ({ page, portal, sandbox, unique }) => {
    const title = unique('Clicked twice');
    await portal.open('threads/new');
    await portal.title.fill(title);
    await portal.message.fill('Impatient.');
    await doubleClick(page, portal.button('Send request'));

    await expect(portal.heading(title)).toBeVisible();
    expect(await sandbox.threadsTitled(title)).toHaveLength(1);
  });

  test('a new request, by going back and sending again', async ({ page, portal, sandbox, unique }) => {
    const title = unique('Sent, back, sent');
    await portal.ask(title, 'Did it go out?');
    await page.goBack();
    await expect(portal.heading('New request')).toBeVisible();
    await portal.button('Send request').click();

    // Where the browser kept the text this is the same request again, where it did not the form is empty.
    await expect(portal.heading(title).or(portal.problem)).toBeVisible();
    expect(await sandbox.threadsTitled(title)).toHaveLength(1);
  });

  test('a reply, by a double click', async ({ page, portal, sandbox, unique }) => {
    const title = unique('Gets one reply');
    const reply = unique('Clicked twice.');
    await portal.ask(title, 'A question.');
    await portal.reply.fill(reply);
    await doubleClick(page, portal.button('Send reply'));

    await expect(portal.messageWith(reply)).toBeVisible();
    const { id } = await sandbox.threadTitled(title);
    await expect.poll(() => sandbox.count(id, reply)).toBe(1);
    await page.reload();
    await expect(portal.messageWith(reply)).toHaveCount(1);
    expect(await sandbox.count(id, reply)).toBe(1);
  });

  test('a reply, by going back and sending again', async ({ page, portal, sandbox, unique }) => {
    const title = unique('Gets one reply');
    const reply = unique('Sent, back, sent.');
    await portal.ask(title, 'A question.');
    await portal.answer(reply);
    await page.goBack();
    await expect(portal.heading(title)).toBeVisible();
    const answered = page.waitForResponse((response) => response.request().method() === 'POST');
    await portal.button('Send reply').click();
    await answered;

    await portal.openRequests();
    await portal.request(title).click();
    await expect(portal.messageWith(reply)).toHaveCount(1);
    const { id } = await sandbox.threadTitled(title);
    expect(await sandbox.count(id, reply)).toBe(1);
  });
});
