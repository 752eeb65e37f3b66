import { expect, test } from '../support/fixtures';

// Files with a message: by the form alone, and with what the page's script adds.

const log = { name: 'reading.log', mimeType: 'text/plain', buffer: Buffer.from('all is well\n') };
const program = { name: 'setup.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('MZ') };

test.beforeEach(async ({ portal, unique }) => {
  await portal.signIn();
  await portal.ask(unique('Files'), 'Files follow.');
});

test('a picked file goes with an answer', async ({ page, portal, unique, sandbox }) => {
  const reply = unique('The log is attached.');
  await portal.reply.fill(reply);
  await page.getByLabel('Files', { exact: true }).first().setInputFiles([log]);
  await portal.button('Send reply').click();
  await expect(portal.messageWith(reply)).toHaveCount(1);
  await expect(portal.fileOf(reply, log.name)).toHaveCount(1);
  const [thread] = await sandbox.threads();
  expect(await sandbox.count(thread!.id, reply)).toBe(1);
});

test('a file that is not taken is named, and text and other files stay', async ({ page, portal, unique, javaScriptEnabled }) => {
  const reply = unique('One of these is wrong.');
  await portal.reply.fill(reply);
  if (javaScriptEnabled !== false) await expect(page.locator('.files__picker[data-live]')).toBeVisible();
  await page.getByLabel('Files', { exact: true }).first().setInputFiles([program, log]);
  if (javaScriptEnabled === false) await portal.button('Send reply').click();
  await expect(page.getByText('files of this kind are not accepted').first()).toBeVisible();
  await expect(portal.reply).toHaveValue(reply);
  const item = page.getByRole('listitem').filter({ hasText: log.name });
  await expect(item.getByRole('button', { name: `Remove ${log.name}` })).toBeVisible();
});

test.describe('with scripts', () => {
  test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, 'these are what scripts add');

  for (const kind of ['drop', 'paste'] as const) {
    test(`a file can come by ${kind}`, async ({ page, portal, unique }) => {
      const reply = unique('With a picture.');
      await portal.reply.fill(reply);
      await expect(page.locator('.files__picker[data-live]')).toBeVisible();
      await portal.reply.evaluate((field, kind) => {
        const data = new DataTransfer();
        data.items.add(new File(['a picture'], 'picture.png', { type: 'image/png' }));
        const how = { bubbles: true, cancelable: true };
        const event =
          kind === 'drop'
            ? new DragEvent('drop', { ...how, dataTransfer: data })
            : new ClipboardEvent('paste', { ...how, clipboardData: data });
        field.dispatchEvent(event);
      }, kind);
      await expect(page.getByRole('status').filter({ hasText: 'attached' })).toBeVisible();
      await portal.button('Send reply').click();
      await expect(portal.messageWith(reply)).toHaveCount(1);
      await expect(portal.fileOf(reply, 'picture.png')).toHaveCount(1);
    });
  }

  test('words are pasted as words, whatever comes with them', async ({ page, portal }) => {
    await expect(page.locator('.files__picker[data-live]')).toBeVisible();
    const isTaken = await portal.reply.evaluate((field) => {
      const data = new DataTransfer();
      data.setData('text/plain', 'one\ttwo');
      data.items.add(new File(['a picture of it'], 'cells.png', { type: 'image/png' }));
      const event = new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data });
      return !field.dispatchEvent(event);
    });
    expect(isTaken).toBe(false);
    await expect(page.getByText('cells.png')).toHaveCount(0);
  });

  test('the same file twice is one file, and is sent', async ({ page, portal, unique }) => {
    const reply = unique('Picked twice.');
    await portal.reply.fill(reply);
    await expect(page.locator('.files__picker[data-live]')).toBeVisible();
    const field = page.getByLabel('Files', { exact: true }).first();
    await field.setInputFiles([log]);
    await expect(page.getByRole('status').filter({ hasText: 'The file is attached' })).toBeVisible();
    await field.setInputFiles([log]);
    await expect(page.getByRole('status').filter({ hasText: `${log.name} is attached already` })).toBeVisible();
    await expect(page.getByRole('listitem').filter({ hasText: log.name })).toHaveCount(1);
    await portal.button('Send reply').click();
    await expect(portal.fileOf(reply, log.name)).toHaveCount(1);
  });

  test('what was sent off goes when its files are there, and once', async ({ page, portal, unique }) => {
    let go = (): void => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    await page.route('**/api/files', async (route) => {
      await gate;
      await route.continue();
    });
    const reply = unique('Sent before its file.');
    await portal.reply.fill(reply);
    await expect(page.locator('.files__picker[data-live]')).toBeVisible();
    await page.getByLabel('Files', { exact: true }).first().setInputFiles([log]);
    await expect(page.getByRole('progressbar', { name: `Uploading ${log.name}` })).toBeVisible();
    await portal.button('Send reply').click();
    await portal.button('Send reply').click();
    await expect(page.getByRole('status').filter({ hasText: 'as soon as the files are there' })).toBeVisible();
    go();
    await expect(portal.messageWith(reply)).toHaveCount(1);
    await expect(portal.fileOf(reply, log.name)).toHaveCount(1);
  });

  test('a failed file can be tried again or removed', async ({ page, portal }) => {
    let fails = true;
    // What is between may answer anything; an answer that is no file's is none.
    await page.route('**/api/files', (route) => (fails ? route.fulfill({ status: 204 }) : route.continue()));
    await expect(page.locator('.files__picker[data-live]')).toBeVisible();
    await page.getByLabel('Files', { exact: true }).first().setInputFiles([log]);
    const item = page.getByRole('listitem').filter({ hasText: log.name });
    await expect(item.getByText('it did not arrive')).toBeVisible();
    fails = false;
    await item.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByRole('status').filter({ hasText: 'attached' })).toBeVisible();
    await item.getByRole('button', { name: 'Remove' }).click();
    await expect(item).toHaveCount(0);
    await expect(portal.reply).toBeVisible();
  });
});
