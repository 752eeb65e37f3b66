/** One entry of a thread's timeline, as far as the tests look at it. */
export interface Entry {
  kind: string;
  /** Whatever was written in it: message, note, form. */
  text: string;
  /** The name under which a machine user appears to customers. */
  machineUser?: string;
}

export interface Thread {
  id: string;
  ref: string;
  title: string;
  tenant: { id: string } | null;
}

interface Page<T> {
  edges: { node: T }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

/**
 * The demo's Plain, seen from the other side: as the company's agents and integrations see it.
 * Used to play the agent, and to find out what really arrived.
 */
export class Sandbox {
  constructor(private readonly url: string) {}

  /** Has something go wrong with the next calls; see docs/sandbox.md for the kinds and keys. */
  async fail(fault: Record<string, string | number>): Promise<void> {
    const response = await fetch(new URL('/sandbox/faults', this.url), { method: 'POST', body: JSON.stringify(fault) });
    if (!response.ok) throw new Error(`no such fault: ${await response.text()}`);
  }

  /** Ends whatever was to go wrong. */
  async mend(): Promise<void> {
    const response = await fetch(new URL('/sandbox/faults', this.url), { method: 'DELETE' });
    if (!response.ok) throw new Error(`nothing is mended: ${await response.text()}`);
  }

  /** Every thread of the workspace, newest first. */
  async threads(): Promise<Thread[]> {
    return this.all<{ threads: Page<Thread> }, Thread>(
      `query Threads($after: String) {
        threads(first: 100, after: $after, sortBy: { field: CREATED_AT, direction: DESC }) {
          edges { node { id ref title tenant { id } } }
          pageInfo { hasNextPage endCursor }
        }
      }`,
      {},
      (data) => data.threads,
    );
  }

  async threadsTitled(title: string): Promise<Thread[]> {
    return (await this.threads()).filter((thread) => thread.title === title);
  }

  /** The one thread with this title. */
  async threadTitled(title: string): Promise<Thread> {
    const threads = await this.threadsTitled(title);
    if (threads.length !== 1) throw new Error(`${threads.length} threads are titled "${title}"`);
    return threads[0]!;
  }

  /** The whole timeline of a thread, internal entries included, newest first. */
  async entries(threadId: string): Promise<Entry[]> {
    const nodes = await this.all<{ thread: { timelineEntries: Page<RawEntry> } }, RawEntry>(
      `query Timeline($threadId: ID!, $after: String) {
        thread(threadId: $threadId) {
          timelineEntries(first: 100, after: $after) {
            edges {
              node {
                actor { __typename ... on MachineUserActor { machineUser { publicName } } }
                entry {
                  __typename
                  ... on ChatEntry { chat: text }
                  ... on EmailEntry { email: fullTextContent }
                  ... on NoteEntry { note: text }
                  ... on CustomEntry {
                    components {
                      __typename
                      ... on ComponentText { text }
                      ... on ComponentPlainText { plainText }
                    }
                  }
                }
              }
            }
            pageInfo { hasNextPage endCursor }
          }
        }
      }`,
      { threadId },
      (data) => data.thread.timelineEntries,
    );
    return nodes.map(({ actor, entry }) => ({
      kind: entry.__typename,
      text: [entry.chat, entry.email, entry.note, ...(entry.components ?? []).map((part) => part.text ?? part.plainText)]
        .filter((text) => typeof text === 'string')
        .join('\n'),
      machineUser: actor.machineUser?.publicName,
    }));
  }

  /** How many entries of the thread's timeline contain the text. */
  async count(threadId: string, text: string): Promise<number> {
    return (await this.entries(threadId)).filter((entry) => entry.text.includes(text)).length;
  }

  /** Answers as the company does: without impersonation. Returns the public name that it is shown under. */
  async replyAsAgent(threadId: string, text: string): Promise<string> {
    const { replyToThread } = await this.query<{ replyToThread: { error: { message: string } | null } }>(
      `mutation Reply($input: ReplyToThreadInput!) { replyToThread(input: $input) { error { message } } }`,
      { input: { threadId, textContent: text, markdownContent: text } },
    );
    if (replyToThread.error !== null) throw new Error(`the agent's reply: ${replyToThread.error.message}`);
    const name = (await this.entries(threadId)).find((entry) => entry.text.includes(text))?.machineUser;
    if (name === undefined) throw new Error("the agent's reply is not on the timeline as a machine user's");
    return name;
  }

  /** Waits for the customer, as the company does when it has asked something. */
  async waitForCustomer(threadId: string): Promise<void> {
    const { snoozeThread } = await this.query<{ snoozeThread: { error: { message: string } | null } }>(
      `mutation Wait($input: SnoozeThreadInput!) { snoozeThread(input: $input) { error { message } } }`,
      { input: { threadId, statusDetail: 'WAITING_FOR_CUSTOMER' } },
    );
    if (snoozeThread.error !== null) throw new Error(`waiting for the customer: ${snoozeThread.error.message}`);
  }

  /**
   * Has a new colleague of the thread's customer ask something, with this text as whatever they and others can choose:
   * title, name, every kind of component, and mails with and without markdown. Returns the new thread's id.
   */
  async askInEveryWay(like: Thread, email: string, text: string): Promise<string> {
    const { upsertCustomer } = await this.query<{ upsertCustomer: { customer: { id: string } | null } }>(
      `mutation Stranger($input: UpsertCustomerInput!) { upsertCustomer(input: $input) { customer { id } } }`,
      {
        input: {
          identifier: { emailAddress: email },
          onCreate: { fullName: text, email: { email, isVerified: false }, tenantIdentifiers: [{ tenantId: like.tenant?.id }] },
          onUpdate: {},
        },
      },
    );
    if (upsertCustomer.customer === null) throw new Error('there is no such person');
    const url = URL.canParse(text) ? text : `https://a.example/${text}`;
    const parts = [
      { componentText: { text } },
      { componentPlainText: { plainText: text } },
      { componentBadge: { badgeLabel: text.slice(0, 500) } },
      { componentCopyButton: { copyButtonValue: text.slice(0, 1000) } },
      { componentLinkButton: { linkButtonLabel: text.slice(0, 500), linkButtonUrl: url } },
    ];
    const components = [...parts, { componentRow: { rowMainContent: parts, rowAsideContent: parts } }, { componentContainer: { containerContent: parts } }];
    const { createThread } = await this.query<{ createThread: { thread: { id: string } | null; error: unknown } }>(
      `mutation Ask($input: CreateThreadInput!) { createThread(input: $input) { thread { id } error { message fields { field message } } } }`,
      { input: { title: text, customerIdentifier: { customerId: upsertCustomer.customer.id }, tenantIdentifier: { tenantId: like.tenant?.id }, components } },
    );
    if (createThread.thread === null) throw new Error(`no thread: ${JSON.stringify(createThread.error)}`);
    const threadId = createThread.thread.id;
    // A mail in which nothing can be seen would not be shown.
    const mail = `${text}\n\n.`;
    for (const markdownContent of [undefined, mail]) {
      const { replyToThread } = await this.query<{ replyToThread: { error: { message: string } | null } }>(
        `mutation Reply($input: ReplyToThreadInput!) { replyToThread(input: $input) { error { message } } }`,
        { input: { threadId, textContent: mail, markdownContent } },
      );
      if (replyToThread.error !== null) throw new Error(`no reply: ${replyToThread.error.message}`);
    }
    return threadId;
  }

  /** Has the thread's customer's team ask something in so many pieces of markdown. Returns the new thread's id. */
  async askInMarkdown(like: Thread, texts: string[]): Promise<string> {
    const { thread } = await this.query<{ thread: { customer: { id: string } } }>(`query Author($id: ID!) { thread(threadId: $id) { customer { id } } }`, {
      id: like.id,
    });
    const { createThread } = await this.query<{ createThread: { thread: { id: string } | null; error: unknown } }>(
      `mutation Ask($input: CreateThreadInput!) { createThread(input: $input) { thread { id } error { message fields { field message } } } }`,
      {
        input: {
          title: 'In markdown',
          customerIdentifier: { customerId: thread.customer.id },
          tenantIdentifier: { tenantId: like.tenant?.id },
          components: texts.map((text) => ({ componentText: { text } })),
        },
      },
    );
    if (createThread.thread === null) throw new Error(`no thread: ${JSON.stringify(createThread.error)}`);
    return createThread.thread.id;
  }

  /** Marks somebody of the story as spam, for good. */
  async markAsSpam(externalId: string): Promise<void> {
    const { customerByExternalId: customer } = await this.query<{ customerByExternalId: { id: string } | null }>(
      `query Known($id: ID!) { customerByExternalId(externalId: $id) { id } }`,
      { id: externalId },
    );
    await this.query(`mutation Spam($input: MarkCustomerAsSpamInput!) { markCustomerAsSpam(input: $input) { error { message } } }`, {
      input: { customerId: customer?.id },
    });
  }

  /** Every node of a connection. */
  private async all<Data, Node>(
    document: string,
    variables: Record<string, unknown>,
    connection: (data: Data) => Page<Node>,
  ): Promise<Node[]> {
    const nodes: Node[] = [];
    let after: string | null = null;
    do {
      const { edges, pageInfo } = connection(await this.query<Data>(document, { ...variables, after }));
      nodes.push(...edges.map((edge) => edge.node));
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    return nodes;
  }

  private async query<Data>(query: string, variables: Record<string, unknown>): Promise<Data> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer plainApiKey_e2e' },
      body: JSON.stringify({ query, variables }),
    });
    const body = await response.text();
    const answer = response.ok ? (JSON.parse(body) as { data?: Data; errors?: unknown }) : {};
    if (answer.data === undefined || answer.errors !== undefined) {
      throw new Error(`the sandbox answered ${response.status}: ${body}`);
    }
    return answer.data;
  }
}

interface RawEntry {
  actor: { machineUser?: { publicName: string } };
  entry: {
    __typename: string;
    chat?: string | null;
    email?: string | null;
    note?: string;
    components?: { text?: string; plainText?: string }[];
  };
}
