import { test as base } from '@playwright/test';
import { startDemo, type Demo } from './demo';
import { Portal } from './portal';
import { Sandbox } from './sandbox';
import { watch } from './watch';

interface TestFixtures {
  portal: Portal;
  sandbox: Sandbox;
  /** A text that nothing else contains, to find again what a test has written. */
  unique: (text: string) => string;
}

let uniques = 0;

/**
 * Each worker has a demo of its own, so that what the projects do does not meet. Tests of one worker share it:
 * each makes what it changes.
 */
export const test = base.extend<TestFixtures, { demo: Demo }>({
  demo: [
    async ({}, use) => {
      const demo = await startDemo();
      await use(demo);
      await demo.stop();
    },
    // Its own time: longer than the demo may take to start.
    { scope: 'worker', timeout: 60_000 },
  ],
  context: async ({ context }, use) => {
    const check = watch(context);
    await use(context);
    await check();
  },
  portal: async ({ page, demo }, use) => use(new Portal(page, demo)),
  sandbox: async ({ demo }, use) => use(new Sandbox(demo.sandbox)),
  unique: async ({}, use) => use((text) => `${text} (${process.pid}-${++uniques})`),
});

export { expect } from '@playwright/test';
