import { request } from 'node:http';
import { expect, test } from '../support/fixtures';

/** How many bytes travel for this address when a browser takes Brotli, without the headers. */
async function weight(address: string, cookie: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(address, { headers: { 'accept-encoding': 'br', cookie } }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => (bytes += chunk.length));
      response.on('end', () => (response.statusCode === 200 ? resolve(bytes) : reject(new Error(`${address}: ${response.statusCode}`))));
    });
    asked.on('error', reject);
    asked.end();
  });
}

test('a first visit is light', async ({ context, page, portal, demo }) => {
  await portal.signIn();
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  for (const [path, most] of [
    ['?status=all', 110_000],
    ['threads/T-29', 130_000],
  ] as const) {
    const loaded = new Set<string>();
    const note = (response: { url(): string }) => loaded.add(response.url());
    page.on('response', note);
    await portal.open(path);
    await page.waitForLoadState('networkidle');
    page.off('response', note);
    loaded.add(`${demo.portal}/favicon.svg`);
    const parts = await Promise.all([...loaded].map(async (url) => ({ url, bytes: await weight(url, cookie) })));
    const whole = parts.reduce((sum, { bytes }) => sum + bytes, 0);
    test.info().annotations.push({ type: path, description: `${whole} bytes in ${parts.length} parts` });
    expect(whole, JSON.stringify(parts)).toBeLessThanOrEqual(most);
    expect(parts.length).toBeGreaterThan(2);
  }
});
