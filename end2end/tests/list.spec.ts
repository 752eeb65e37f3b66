import { expect, test } from '../support/fixtures';

test.beforeEach(({ portal }) => portal.signIn());

test('a search finds a word of a message, and can be cleared', async ({ page, portal, unique }) => {
  const title = unique('Something about doors');
  const word = unique('hinge').replace(/\W/g, '');
  await portal.ask(title, `It is the ${word} again.`);

  await portal.openRequests();
  await portal.search(word);
  await expect(page.getByRole('heading', { name: `Found for “${word}”` })).toBeVisible();
  await expect(portal.request(title)).toBeVisible();
  await expect(page.getByRole('main').getByRole('listitem').filter({ hasText: 'Asked by' })).toHaveCount(1);
  await expect(portal.searchField).toHaveValue(word);
  await expect(page.getByLabel('Sort by')).toHaveCount(0);

  await test.step('the status is chosen within the search', async () => {
    await portal.filter('Done');
    await expect(page.getByText(`Nothing was found for “${word}”`)).toBeVisible();
    await expect(portal.searchField).toHaveValue(word);
    await page.getByRole('link', { name: 'Search all requests' }).click();
    await expect(portal.request(title)).toBeVisible();
  });

  await page.getByRole('link', { name: 'Clear search' }).click();
  await expect(portal.searchField).toHaveValue('');
  await expect(page.getByLabel('Sort by')).toBeVisible();
});

test('one character is answered with a hint', async ({ page, portal }) => {
  await portal.search('x');
  await expect(page.getByText('Type at least 2 characters to search.')).toBeVisible();
  await expect(portal.searchField).toHaveAccessibleDescription('Type at least 2 characters to search.');
  await expect(portal.firstRequest()).toBeVisible();
});

test('whose requests and their order are chosen by the form and stay chosen', async ({ page, portal, unique }) => {
  const mine = unique('Mine alone');
  await portal.ask(mine, 'A question.');
  await portal.openRequests();
  await portal.filter('All');
  await expect(page.getByText(/^Asked by (?!you)/).first()).toBeVisible();

  await page.getByLabel('Asked by').selectOption('Only me');
  await page.getByLabel('Sort by').selectOption('Your last message');
  await portal.button('Apply').click();
  await expect(portal.firstRequest()).toContainText(mine);
  await expect(page.getByText(/^Asked by (?!you)/)).toHaveCount(0);

  await portal.filter('Open');
  await expect(page.getByLabel('Asked by')).toHaveValue('mine');
  await expect(page.getByLabel('Sort by')).toHaveValue('my-last-message');
  await expect(portal.request(mine)).toBeVisible();
});

test('what waits for the customer comes first, is counted in the title, and can be solved with one press', async ({
  page,
  portal,
  sandbox,
  unique,
}) => {
  const title = unique('Waits for me');
  await portal.ask(title, 'A question.');
  const { id } = await sandbox.threadTitled(title);
  await sandbox.waitForCustomer(id);

  await portal.openRequests();
  const waiting = page.getByRole('region', { name: 'Waiting for you' });
  await expect(waiting.getByRole('link', { name: title })).toBeVisible();
  const count = await waiting.getByRole('listitem').count();
  await expect(page).toHaveTitle(new RegExp(`^\\(${count}\\) Your requests`));
  await expect(waiting.getByRole('heading')).toHaveText(`Waiting for you (${count})`);

  const before = (await sandbox.entries(id)).length;
  await portal.request(title).click();
  await portal.button('That solved it').click();
  await expect(portal.button('Reopen')).toBeVisible();
  // A change of status is an entry; a message would be a second one.
  expect((await sandbox.entries(id)).length).toBe(before + 1);
  await portal.openRequests();
  await expect(portal.request(title)).toHaveCount(0);
});

test('an answer is marked as unread until the request is opened', async ({ portal, sandbox, unique }) => {
  const title = unique('Read or not');
  await portal.ask(title, 'A question.');
  await portal.openRequests();
  await expect(portal.request(title)).not.toHaveAccessibleName(/Unread/);

  const { id } = await sandbox.threadTitled(title);
  await sandbox.replyAsAgent(id, unique('An answer.'));
  await portal.openRequests();
  await expect(portal.request(title)).toHaveAccessibleName(`Unread: ${title}`);

  await portal.request(title).click();
  await expect(portal.heading(title)).toBeVisible();
  await portal.openRequests();
  await expect(portal.request(title)).toHaveAccessibleName(title);
});

test('the list fits a narrow screen', async ({ page, portal }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  for (const path of ['', '?status=all', '?q=a%20long%20search%20for%20many%20words', '?q=x']) {
    await portal.open(path);
    const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(tooWide, path).toBeLessThanOrEqual(0);
  }
});
