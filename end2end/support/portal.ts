import { expect, type Locator, type Page, type Response } from '@playwright/test';
import type { Demo } from './demo';

/** The portal as a customer uses it: by what is on the page, never by how the page is made. */
export class Portal {
  readonly title: Locator;
  readonly message: Locator;
  readonly reply: Locator;
  readonly conversation: Locator;
  /** What one searches the list with. */
  readonly searchField: Locator;
  /** What names the problems of a form that was refused. */
  readonly problem: Locator;

  constructor(
    readonly page: Page,
    private readonly demo: Demo,
  ) {
    this.title = page.getByRole('textbox', { name: 'Title' });
    this.message = page.getByRole('textbox', { name: 'Message' });
    this.reply = page.getByRole('textbox', { name: 'Your reply' });
    this.conversation = page.getByRole('list', { name: 'Conversation' });
    this.searchField = page.getByRole('searchbox', { name: 'Search' });
    this.problem = page.getByRole('alert').filter({ hasText: 'There is a problem' });
  }

  /** Opens support from the host product as its first person, or as another for one of their teams, as customers do. */
  async signIn(person?: string, team?: string): Promise<void> {
    await this.page.goto(this.demo.host);
    const name = `Support for ${person} at ${team}`;
    const link = person === undefined ? this.supportLink() : this.page.getByRole('link', { name });
    await link.click();
    await expect(this.heading('Your requests')).toBeVisible();
    expect(this.page.url()).toContain(this.demo.portal);
  }

  /** The host page's way into the portal, for its first person. */
  supportLink(): Locator {
    return this.page.getByRole('listitem').getByRole('link', { name: /support/i }).first();
  }

  /** Opens a page of the portal by its address below the base path: '', 'threads/new', `threads/${id}`. */
  async open(path: string): Promise<Response> {
    const response = await this.page.goto(`${this.demo.portal}/${path}`);
    if (response === null) throw new Error(`/${path} gave no response`);
    return response;
  }

  /** Goes back to the list of requests with its default filter. */
  async openRequests(): Promise<void> {
    await this.open('');
    await expect(this.heading('Your requests')).toBeVisible();
  }

  /** Asks something new by the form; ends on the new request's page. */
  async ask(title: string, message: string): Promise<void> {
    await this.openRequests();
    await this.page.getByRole('link', { name: 'New request' }).first().click();
    await expect(this.heading('New request')).toBeVisible();
    await this.title.fill(title);
    await this.message.fill(message);
    await this.button('Send request').click();
    await expect(this.heading(title)).toBeVisible();
  }

  /** Answers on the request's page. */
  async answer(text: string): Promise<void> {
    await this.reply.fill(text);
    await this.button('Send reply').click();
    await expect(this.messageWith(text)).toBeVisible();
  }

  async filter(name: string): Promise<void> {
    const link = this.page.getByRole('navigation', { name: 'Filter by status' }).getByRole('link', { name, exact: true });
    await link.click();
    await expect(link).toHaveAttribute('aria-current', /page|true/);
  }

  /** Searches the list that is open. */
  async search(words: string): Promise<void> {
    await this.searchField.fill(words);
    await this.searchField.press('Enter');
    await this.page.waitForURL((url) => url.searchParams.get('q') === words);
  }

  heading(name: string): Locator {
    return this.page.getByRole('heading', { level: 1, name, exact: true });
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** A request in the list. */
  request(title: string): Locator {
    return this.page.getByRole('main').getByRole('link', { name: title });
  }

  /** The first request in the list, whichever it is. */
  firstRequest(): Locator {
    return this.page.getByRole('main').locator('a[href*="/threads/"]:not([href$="/threads/new"])').first();
  }

  /** A message of the conversation. */
  /** The way to a file in the message with this text. */
  fileOf(text: string, name: string): Locator {
    return this.messageWith(text).getByRole('link', { name });
  }

  messageWith(text: string): Locator {
    return this.conversation.getByRole('article').filter({ hasText: text });
  }
}
