import { expect, test } from '../support/fixtures';

test('a customer signs in, reads, asks, is answered, answers, closes, reopens and signs out', async ({
  page,
  context,
  portal,
  sandbox,
  unique,
}) => {
  const title = unique('The export stops at row 1000');
  const question = unique('It worked until last week.');
  const agentsAnswer = unique('Fixed: please try again.');
  const thanks = unique('Works, thank you!');

  await test.step('signs in from the host product', () => portal.signIn());

  await test.step('reads a request', async () => {
    const name = await portal.firstRequest().innerText();
    await portal.firstRequest().click();
    await expect(portal.conversation.getByRole('article').first()).toBeVisible();
    expect(name).toContain(await page.getByRole('heading', { level: 1 }).innerText());
  });

  await test.step('asks', async () => {
    await portal.ask(title, question);
    await expect(portal.messageWith(question)).toHaveCount(1);
    await portal.openRequests();
    await portal.request(title).click();
    await expect(portal.heading(title)).toBeVisible();
  });

  await test.step("sees the agent's answer after a reload", async () => {
    const { id } = await sandbox.threadTitled(title);
    const agent = await sandbox.replyAsAgent(id, agentsAnswer);
    await page.reload();
    await expect(portal.messageWith(agentsAnswer)).toHaveCount(1);
    await expect(portal.messageWith(agentsAnswer)).toContainText(agent);
  });

  await test.step('answers', async () => {
    await portal.answer(thanks);
    await expect(portal.reply).toHaveValue('');
    const { id } = await sandbox.threadTitled(title);
    await expect.poll(() => sandbox.count(id, thanks)).toBe(1);
    await page.reload();
    const messages = portal.conversation.getByRole('article');
    await expect(messages).toHaveCount(3);
    await expect(messages.filter({ hasText: question }).or(messages.filter({ hasText: agentsAnswer }))).toHaveCount(2);
    await expect(messages.last()).toContainText(thanks);
  });

  await test.step('marks it as done', async () => {
    await portal.button('Mark as done').click();
    await expect(portal.button('Reopen')).toBeVisible();
    await portal.openRequests();
    await expect(portal.request(title)).toHaveCount(0);
    await portal.filter('Done');
    await expect(portal.request(title)).toBeVisible();
  });

  await test.step('reopens it', async () => {
    await portal.request(title).click();
    await portal.button('Reopen').click();
    await expect(portal.button('Mark as done')).toBeVisible();
    await portal.openRequests();
    await expect(portal.request(title)).toBeVisible();
    await portal.filter('Done');
    await expect(portal.request(title)).toHaveCount(0);
  });

  await test.step('signs out', async () => {
    const cookies = await context.cookies();
    expect(cookies).not.toEqual([]);
    await portal.button('Sign out').click();
    await expect(portal.heading('You are not signed in')).toBeVisible();
    expect((await portal.open('')).status()).toBe(401);
    await expect(portal.heading('You are not signed in')).toBeVisible();

    // The session itself has ended, not only this browser's memory of it.
    await context.addCookies(cookies);
    expect((await portal.open('')).status()).toBe(401);
  });
});

test('the filters show what their names say', async ({ page, portal, unique }) => {
  const open = unique('Still open');
  const done = unique('Already done');
  await portal.signIn();
  await portal.ask(open, 'Please look at this.');
  await portal.ask(done, 'Never mind.');
  await portal.button('Mark as done').click();
  await expect(portal.button('Reopen')).toBeVisible();

  await portal.openRequests();
  for (const [filter, shown, hidden] of [
    ['Open and waiting', [open], [done]],
    ['Open', [open], [done]],
    ['Waiting for you', [], [open, done]],
    ['Done', [done], [open]],
    ['All', [open, done], []],
  ] as const) {
    await test.step(filter, async () => {
      await portal.filter(filter);
      for (const title of shown) await expect(portal.request(title)).toBeVisible();
      for (const title of hidden) await expect(portal.request(title)).toHaveCount(0);
    });
  }
  expect(new URL(page.url()).searchParams.get('status')).toBe('all');
});
