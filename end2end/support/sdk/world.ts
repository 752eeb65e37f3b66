import type { CompanyPartsFragment, CustomerPartsFragment, PlainClient, TenantPartsFragment, ThreadPartsFragment, UpsertCustomerInput } from '@team-plain/typescript-sdk';
import { done, type Answer } from './answers';

type CreateThread = Parameters<PlainClient['createThread']>[0];
type CreateLabelType = Parameters<PlainClient['createLabelType']>[0];

/** What a test finds in a workspace that was empty: whatever it has the SDK make. */
export class World {
  constructor(private readonly sdk: PlainClient) {}

  /** A customer with this external id, and an address and a name made of it. */
  async customer(id = 'ada', more: Partial<UpsertCustomerInput['onCreate']> = {}): Promise<CustomerPartsFragment> {
    const { customer } = done(
      await this.sdk.upsertCustomer({
        identifier: { externalId: id },
        onCreate: { externalId: id, fullName: `${id} Example`, email: { email: `${id}@x.example`, isVerified: true }, ...more },
        onUpdate: {},
      }),
    );
    return customer;
  }

  async tenant(externalId = 'acme'): Promise<TenantPartsFragment> {
    return done(await this.sdk.upsertTenant({ identifier: { externalId }, externalId, name: `The ${externalId}` }));
  }

  /** A thread of ada's on the API channel, with one message. */
  async thread(more: Partial<CreateThread> = {}): Promise<ThreadPartsFragment> {
    return done(
      await this.sdk.createThread({
        customerIdentifier: { customerId: (await this.customer()).id },
        title: 'The printer',
        components: [{ componentText: { text: 'It is on fire.' } }],
        ...more,
      }),
    );
  }

  async labelType(name = 'Bug', more: Partial<CreateLabelType> = {}): Promise<string> {
    return done(await this.sdk.createLabelType({ name, ...more })).id;
  }

  async company(domainName = 'acme.example'): Promise<CompanyPartsFragment> {
    return done(await this.sdk.upsertCompany({ identifier: { companyDomainName: domainName }, name: `Company ${domainName}`, domainName }));
  }

  /** The id of an agent who is in every sandbox. */
  async agent(): Promise<string> {
    const agent = done(await this.sdk.getUserByEmail({ email: 's.okonkwo-vance@fieldnote-staff.example' }));
    if (agent === null) throw new Error('the agent is not there');
    return agent.id;
  }

  /** The id of a new tier; the SDK itself has no way to make one. */
  async tier(externalId = 'gold', more: Record<string, unknown> = {}): Promise<string> {
    const { createTier } = await this.query<{ createTier: { tier: { id: string } } }>(
      'mutation ($input: CreateTierInput!) { createTier(input: $input) { tier { id } } }',
      { input: { name: externalId, externalId, color: '#FABADA', memberIdentifiers: [], ...more } },
    );
    return createTier.tier.id;
  }

  /** The id of a new group of customers, made past the SDK as well. */
  async group(key = 'beta'): Promise<string> {
    const { createCustomerGroup } = await this.query<{ createCustomerGroup: { customerGroup: { id: string } } }>(
      'mutation ($input: CreateCustomerGroupInput!) { createCustomerGroup(input: $input) { customerGroup { id } } }',
      { input: { name: `Group ${key}`, key, color: '#FABADA' } },
    );
    return createCustomerGroup.customerGroup.id;
  }

  /** A field that threads have, a text, made past the SDK as well. */
  async threadField(key = 'area'): Promise<void> {
    await this.query('mutation ($input: CreateThreadFieldSchemaInput!) { createThreadFieldSchema(input: $input) { error { message } } }', {
      input: { key, label: key, description: '', order: 1, type: 'STRING', enumValues: [], isRequired: false, isAiAutoFillEnabled: false },
    });
  }

  /** The kinds and texts of a thread's entries, newest first. */
  async entries(threadId: string): Promise<string[]> {
    const query = `query ($threadId: ID!) { thread(threadId: $threadId) { timelineEntries { edges { node {
      actor { __typename }
      entry { __typename ... on ChatEntry { chat: text } ... on NoteEntry { note: text } ... on EmailEntry { mail: textContent }
        ... on ThreadEventEntry { event: title } ... on CustomerEventEntry { event: title } } } } } } }`;
    interface Entries {
      thread: { timelineEntries: { edges: { node: { actor: { __typename: string }; entry: Record<string, string> } }[] } };
    }
    const { thread } = await this.query<Entries>(query, { threadId });
    return thread.timelineEntries.edges.map(({ node }) => {
      const { __typename: kind, ...texts } = node.entry;
      return [kind, node.actor.__typename, ...Object.values(texts)].join(' ');
    });
  }

  /** Any operation, for what the SDK has no method for. */
  private async query<Data>(query: string, variables: Record<string, unknown>): Promise<Data> {
    return done((await this.sdk.rawRequest({ query, variables })) as Answer<Data>);
  }
}
