import { existsSync } from 'node:fs';
import type { LaunchOptions } from '@playwright/test';

/**
 * The Chromium to test with: $CHROMIUM, the system's own, or else the one Playwright installed.
 * Keep in step with scripts/setup, which makes the same choice.
 */
const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path !== undefined && existsSync(path),
);

export const launchOptions: LaunchOptions = {
  executablePath,
  args: [
    // It runs as root on CI, where Chromium refuses to start with its sandbox, and opens only our own pages.
    '--no-sandbox',
    '--disable-gpu',
    // Nothing but the pages under test may cause traffic.
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-quic',
    '--no-first-run',
  ],
};

export const sizes = {
  desktop: { width: 1280, height: 900 },
  phone: { width: 390, height: 844 },
};
