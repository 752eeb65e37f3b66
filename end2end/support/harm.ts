import { expect, type Locator, type Page } from '@playwright/test';

/** What words never become, whatever strangers write. */
const foreign =
  'script, style, iframe, frame, object, embed, svg, math, img, image, picture, video, audio, source, template, noscript, base, meta, link, dialog, form, input, button, textarea, select, [style], [srcdoc], [target], [popover]';

/** Looks for the harm that words can do to the page that they are on. */
export class Harm {
  private readonly seen: string[] = [];
  private expected = '';
  private sending = false;

  private constructor(
    private readonly page: Page,
    private readonly portal: string,
  ) {}

  /** Watches the page from now on. `portal` is the front page without a slash at the end. */
  static async watch(page: Page, portal: string): Promise<Harm> {
    const harm = new Harm(page, portal);
    page.on('dialog', (dialog) => {
      harm.seen.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (!harm.isOurs(new URL(request.url()), request.isNavigationRequest())) harm.seen.push(`a request: ${request.url()}`);
    });
    await page.addInitScript(() => {
      const fired: string[] = [];
      Object.defineProperty(window, 'fired', { value: fired });
      for (const name of ['alert', 'confirm', 'prompt', 'print', 'open']) {
        Object.defineProperty(window, name, { value: () => fired.push(name) });
      }
      Object.defineProperty(window, 'xss', { set: () => fired.push('xss') });
    });
    return harm;
  }

  private isOurs(url: URL, isNavigation: boolean): boolean {
    if (!url.href.startsWith(`${this.portal}/`)) return false;
    if (isNavigation) return this.sending || url.href === this.expected;
    const files = [`${this.portal}/pkg/`, `${this.portal}/brand/`];
    return files.some((folder) => url.href.startsWith(folder)) || url.href === `${this.portal}/favicon.svg`;
  }

  /** Opens an address below the portal's, and does what a visitor may do there without meaning to. */
  async open(address: string): Promise<void> {
    this.expected = new URL(`${this.portal}${address}`).href;
    await this.page.goto(this.expected);
    await this.find();
  }

  /** What has happened on this page, which should be nothing. */
  async find(): Promise<void> {
    const found = await this.page.evaluate(() => {
      const bad: string[] = [];
      for (const element of document.querySelectorAll<HTMLElement>('main *')) {
        element.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));
        element.focus();
        for (const { name } of element.attributes) if (name.startsWith('on')) bad.push(`${name} of <${element.localName}>`);
      }
      for (const link of document.querySelectorAll<HTMLAnchorElement>('main a[href]')) {
        const { origin, protocol, rel } = link;
        const leadsOutside = origin !== location.origin;
        if (!['http:', 'https:', 'mailto:', 'tel:'].includes(protocol)) bad.push(`a link to ${link.href}`);
        if (leadsOutside && rel !== 'noopener noreferrer nofollow') bad.push(`a link with rel="${rel}"`);
      }
      const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
      if (new Set(ids).size < ids.length) bad.push(`an id twice: ${ids.join(' ')}`);
      return [...bad, ...((window as { fired?: string[] }).fired ?? [])];
    });
    expect([...this.seen, ...found], this.page.url()).toEqual([]);
    expect(this.page.frames(), 'frames').toHaveLength(1);
    expect(this.page.url()).toBe(this.expected);
  }

  /**
   * The page's elements; of each message only those that words never become. The same page with other words has the same
   * outline, unless they have broken it.
   */
  async outline(): Promise<string> {
    return this.page.evaluate((foreign) => {
      const outline = (element: Element): string => {
        const isMessage = element.localName === 'article';
        const inside = isMessage ? [...element.querySelectorAll(foreign)].map((it) => it.localName) : [...element.children].map(outline);
        return `${element.localName}(${inside.join()})`;
      };
      return outline(document.documentElement);
    }, foreign);
  }

  /** Sends a form of ours, and looks at the page that follows. */
  async send(button: Locator): Promise<void> {
    this.sending = true;
    await Promise.all([this.page.waitForEvent('load'), button.click()]);
    this.sending = false;
    this.expected = this.page.url();
    await this.find();
  }
}
