/**
 * Pictures of the release build's demo, on desktop and phone, light and dark.
 *
 *   npm run screenshots                  the few that README and docs show, into docs/images
 *   npm run screenshots -- DIRECTORY     every page in every state, whole, to look at
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { launchOptions, sizes } from './support/browser';
import { startDemo, type Demo } from './support/demo';
import { Portal } from './support/portal';
import { Sandbox } from './support/sandbox';
import { everyState } from './support/states';

type Picture = (name: string) => Promise<void>;

async function main(directory: string, take: (page: Page, demo: Demo, picture: Picture) => Promise<void>, fullPage: boolean) {
  await mkdir(directory, { recursive: true });
  const browser = await chromium.launch(launchOptions);
  try {
    for (const [size, viewport] of Object.entries(sizes)) {
      for (const colorScheme of ['light', 'dark'] as const) {
        // Each from the same beginning.
        const demo = await startDemo();
        const page = await browser.newPage({ viewport, colorScheme });
        const devTools = await page.context().newCDPSession(page);
        await take(page, demo, async (name) => {
          const file = path.join(directory, `${name.replaceAll(' ', '-')}-${size}-${colorScheme}.webp`);
          // A third of the size of a PNG, which is all that Playwright itself makes.
          const picture = { format: 'webp', quality: 85, captureBeyondViewport: fullPage } as const;
          const { cssContentSize } = await devTools.send('Page.getLayoutMetrics');
          const clip = fullPage ? { clip: { ...cssContentSize, scale: 1 } } : {};
          const { data } = await devTools.send('Page.captureScreenshot', { ...picture, ...clip });
          await writeFile(file, Buffer.from(data, 'base64'));
        });
        await page.context().close();
        await demo.stop();
      }
    }
  } finally {
    await browser.close();
  }
}

async function few(page: Page, demo: Demo, picture: Picture): Promise<void> {
  const portal = new Portal(page, demo);
  await portal.signIn();
  await picture('list');
  await portal.open('threads/T-29');
  await portal.conversation.waitFor();
  await picture('request');
  await portal.open('threads/new');
  await picture('form');
  await portal.title.fill('The export stops at row 1000');
  await portal.button('Send request').click();
  await portal.problem.waitFor();
  await picture('error');
  await portal.open('?q=zeppelin');
  await picture('empty');
}

async function every(page: Page, demo: Demo, picture: Picture): Promise<void> {
  await everyState({ page, demo, portal: new Portal(page, demo), sandbox: new Sandbox(demo.sandbox) }, picture);
}

const [directory] = process.argv.slice(2);
if (directory === undefined) {
  // Compiled, this lies in a folder of its own.
  void main(path.resolve(__dirname, '../../docs/images'), few, false);
} else {
  void main(path.resolve(directory), every, true);
}
