import { expect, type BrowserContext } from '@playwright/test';

/** What the demo's Plain accepts as an API key begins with this. No page may contain it. */
const apiKey = 'plainApiKey_';

/**
 * Watches everything a test's pages load and log. Call what it returns at the end of the test: it fails when a page
 * logged an error (a violated content security policy is one), threw one, or was given the API key.
 */
export function watch(context: BrowserContext): () => Promise<void> {
  const errors: { text: string; url: string }[] = [];
  const refused = new Set<string>();
  const bodies: Promise<{ url: string; text: string }>[] = [];

  context.on('console', (message) => {
    if (message.type() === 'error') errors.push({ text: message.text(), url: message.location().url });
  });
  context.on('weberror', (error) => errors.push({ text: String(error.error()), url: error.page()?.url() ?? '' }));
  context.on('response', (response) => {
    // A test that opens a page it must not see expects 401 or 404, and Chromium logs these.
    if (response.request().isNavigationRequest() && response.status() >= 400) refused.add(response.url());
    if (response.status() >= 300 && response.status() < 400) return;
    bodies.push(
      Promise.all([response.text(), response.allHeaders()]).then(
        ([body, headers]) => ({ url: response.url(), text: `${JSON.stringify(headers)}\n${body}` }),
        // The browser had already gone on to another page and let go of it.
        () => ({ url: response.url(), text: '' }),
      ),
    );
  });

  return async () => {
    const unexpected = errors.filter(({ text, url }) => !(text.startsWith('Failed to load resource') && refused.has(url)));
    expect(unexpected, 'errors that pages logged').toEqual([]);
    const read = (await Promise.all(bodies)).filter(({ text }) => text !== '');
    // Unless the test ended before its first page.
    if (bodies.length > 0) expect(read.length, 'responses that were looked through').toBeGreaterThan(0);
    expect(read.filter(({ text }) => text.includes(apiKey)).map(({ url }) => url), 'responses with the API key').toEqual([]);
  };
}
