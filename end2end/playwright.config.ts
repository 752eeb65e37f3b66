import { defineConfig } from '@playwright/test';
import { launchOptions, sizes } from './support/browser';

// The reply box's extras; and what is a script itself: axe, what looks through a page, who listens for violations of the policy, and who weighs.
const needsJavaScript = /(reply-box|accessibility|look|policy|weight)\.spec/;
// Needs no browser at all.
const withoutBrowser = /sdk(-webhooks)?\.spec/;
const onEverySize = /(journey|accessibility|files)\.spec/;

export default defineConfig({
  testDir: 'tests',
  outputDir: '../target/end2end',
  forbidOnly: process.env.CI !== undefined,
  // Nothing is tried twice: a test that passes at the second try has found something.
  retries: 0,
  workers: 2,
  // Long, because patience costs nothing where pages are quick, and a busy machine is no finding.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: 'list',
  use: { launchOptions, viewport: sizes.desktop, trace: 'retain-on-failure' },
  projects: [
    { name: 'with JavaScript', testIgnore: withoutBrowser },
    { name: 'without JavaScript', use: { javaScriptEnabled: false }, testIgnore: [needsJavaScript, withoutBrowser] },
    { name: 'phone', use: { viewport: sizes.phone, isMobile: true, hasTouch: true }, testMatch: onEverySize },
    { name: "Plain's SDK", testMatch: withoutBrowser },
  ],
});
