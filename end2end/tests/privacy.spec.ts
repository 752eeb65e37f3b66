import { expect, test } from '../support/fixtures';

test("another tenant's request is a page that does not exist", async ({ page, portal, sandbox, unique }) => {
  const title = unique('Mine');
  await portal.signIn();
  await portal.ask(title, 'My own request.');
  const mine = await sandbox.threadTitled(title);
  expect(mine.tenant).not.toBeNull();
  const foreign = (await sandbox.threads()).find((thread) => thread.tenant !== null && thread.tenant.id !== mine.tenant?.id);
  if (foreign === undefined) throw new Error('the demo has no second tenant with a request');

  for (const id of [mine.id, mine.ref]) expect((await portal.open(`threads/${id}`)).status()).toBe(200);

  for (const id of [foreign.id, foreign.ref, 'th_01HZZZZZZZZZZZZZZZZZZZZZZZ', 'T-999999999', 'nonsense']) {
    await test.step(id, async () => {
      expect((await portal.open(`threads/${id}`)).status()).toBe(404);
      await expect(portal.heading('Page not found')).toBeVisible();
      expect(await page.content()).not.toContain(foreign.title);
    });
  }
});

test('internal notes are on no page', async ({ page, portal, sandbox, unique }) => {
  const title = unique('Mine');
  await portal.signIn();
  await portal.ask(title, 'My own request.');
  const { tenant } = await sandbox.threadTitled(title);

  let notes = 0;
  for (const thread of await sandbox.threads()) {
    if (thread.tenant?.id !== tenant?.id) continue;
    const internal = (await sandbox.entries(thread.id)).filter((entry) => entry.kind === 'NoteEntry');
    if (internal.length === 0) continue;
    const response = await portal.open(`threads/${thread.id}`);
    // A thread may be internal as a whole; then it is not there at all.
    expect([200, 404]).toContain(response.status());
    const html = await response.text();
    const text = await page.locator('body').innerText();
    for (const { text: note } of internal) {
      notes += 1;
      expect(html).not.toContain(note);
      expect(text).not.toContain(note);
    }
  }
  expect(notes, "internal notes in the demo's data").toBeGreaterThan(0);
});

test('without a session every page is the one that says so', async ({ portal, sandbox }) => {
  const [thread] = await sandbox.threads();
  expect(thread).toBeDefined();
  for (const path of ['', '?status=all', 'threads/new', `threads/${thread!.id}`]) {
    await test.step(`/${path}`, async () => {
      const response = await portal.open(path);
      expect(response.status()).toBe(401);
      await expect(portal.heading('You are not signed in')).toBeVisible();
      expect(await response.text()).not.toContain(thread!.title);
    });
  }
});
