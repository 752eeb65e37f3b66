import { UpsertResult } from '@team-plain/typescript-sdk';
import { expect } from '@playwright/test';
import { done, refusal } from './answers';
import type { Rows } from './rows';

const email = 's.okonkwo-vance@fieldnote-staff.example';
const noCustomer = 'VALIDATION not_found, customerId NOT_FOUND';

export const people: Rows = {
  async getMyWorkspace(sdk) {
    const workspace = done(await sdk.getMyWorkspace());
    expect(workspace).toMatchObject({ __typename: 'Workspace', publicName: 'Fieldnote', isDemoWorkspace: true });
    expect(workspace.id).toMatch(/^w_/);
  },

  async getUserByEmail(sdk, world) {
    const user = done(await sdk.getUserByEmail({ email: email.toUpperCase() }));
    expect(user).toMatchObject({ __typename: 'User', id: await world.agent(), fullName: 'Samira Okonkwo-Vance', publicName: 'Sam', email, slackIdentities: [] });
    expect(done(await sdk.getUserByEmail({ email: 'nobody@x.example' }))).toBeNull();
  },

  // The method's old name.
  async userByEmail(sdk) {
    expect(done(await sdk.userByEmail({ email }))).toEqual(done(await sdk.getUserByEmail({ email })));
  },

  async getUserById(sdk) {
    const user = done(await sdk.getUserByEmail({ email }));
    expect(done(await sdk.getUserById({ id: user!.id }))).toEqual(user);
    expect(done(await sdk.getUserById({ id: 'u_none' }))).toBeNull();
  },

  async upsertCustomer(sdk) {
    const identifier = { emailAddress: 'ada@x.example' };
    const onCreate = { fullName: 'Ada Lovelace', shortName: 'Ada', externalId: 'ada', email: { email: 'ada@x.example', isVerified: true } };
    const upsert = async (onUpdate: Parameters<typeof sdk.upsertCustomer>[0]['onUpdate']) => done(await sdk.upsertCustomer({ identifier, onCreate, onUpdate }));
    const created = await upsert({});
    expect(created).toMatchObject({
      result: UpsertResult.Created,
      customer: {
        __typename: 'Customer',
        fullName: 'Ada Lovelace',
        shortName: 'Ada',
        externalId: 'ada',
        email: { email: 'ada@x.example', isVerified: true, verifiedAt: { __typename: 'DateTime' } },
        company: null,
        markedAsSpamAt: null,
      },
    });
    expect((await upsert({ fullName: { value: 'Ada King' } })).customer).toMatchObject({ id: created.customer.id, fullName: 'Ada King' });
    expect((await upsert({ fullName: { value: 'Ada King' } })).result).toBe(UpsertResult.Noop);
    const again = { ...onCreate, externalId: 'eda', email: { email: 'eda@x.example', isVerified: false } };
    const taken = async (field: object) => refusal(await sdk.upsertCustomer({ identifier: { emailAddress: 'eda@x.example' }, onCreate: { ...again, ...field }, onUpdate: {} }));
    expect(await taken({ externalId: 'ada' })).toMatch(/^VALIDATION customer_already_exists_with_external_id/);
    expect(await taken({ email: { email: 'no address', isVerified: false } })).toBe('VALIDATION input_validation, onCreate.email.email VALIDATION');
  },

  async getCustomerById(sdk, world) {
    const ada = await world.customer();
    expect(done(await sdk.getCustomerById({ customerId: ada.id }))).toEqual(ada);
    expect(done(await sdk.getCustomerById({ customerId: 'c_none' }))).toBeNull();
  },

  async getCustomerByExternalId(sdk, world) {
    const ada = await world.customer();
    expect(done(await sdk.getCustomerByExternalId({ externalId: 'ada' }))).toEqual(ada);
    expect(done(await sdk.getCustomerByExternalId({ externalId: 'Ada' }))).toBeNull();
  },

  async getCustomerByEmail(sdk, world) {
    const ada = await world.customer();
    expect(done(await sdk.getCustomerByEmail({ email: 'ADA@x.example' }))).toEqual(ada);
    expect(done(await sdk.getCustomerByEmail({ email: 'bob@x.example' }))).toBeNull();
  },

  async getCustomers(sdk, world) {
    for (const id of ['ada', 'bob', 'eve']) await world.customer(id);
    const first = done(await sdk.getCustomers({ first: 2 }));
    expect([first.customers.length, first.totalCount, first.pageInfo.hasNextPage]).toEqual([2, 3, true]);
    const second = done(await sdk.getCustomers({ first: 2, after: first.pageInfo.endCursor }));
    expect([...first.customers, ...second.customers].map((it) => it.externalId).sort()).toEqual(['ada', 'bob', 'eve']);
    const back = done(await sdk.getCustomers({ last: 2, before: second.pageInfo.startCursor }));
    expect(back.customers).toEqual(first.customers);
  },

  async deleteCustomer(sdk, world) {
    const [{ id: customerId }, thread] = [await world.customer(), await world.thread()];
    expect(done(await sdk.deleteCustomer({ customerId }))).toBeNull();
    expect(done(await sdk.getCustomerById({ customerId }))).toBeNull();
    expect(done(await sdk.getThread({ threadId: thread.id }))).toBeNull();
    expect(refusal(await sdk.deleteCustomer({ customerId })), 'twice').toBe(noCustomer);
  },

  async addCustomerToCustomerGroups(sdk, world) {
    const { id: customerId } = await world.customer();
    const customerGroupId = await world.group();
    const add = (key: string) => sdk.addCustomerToCustomerGroups({ customerId, customerGroupIdentifiers: [{ customerGroupKey: key }] });
    expect(done(await add('beta'))).toMatchObject([
      { __typename: 'CustomerGroupMembership', customerId, customerGroup: { id: customerGroupId, key: 'beta', name: 'Group beta', color: '#FABADA' } },
    ]);
    expect(refusal(await add('none'))).toMatch(/^VALIDATION not_found/);
  },

  async removeCustomerFromCustomerGroups(sdk, world) {
    const { id: customerId } = await world.customer();
    const customerGroupIdentifiers = [{ customerGroupId: await world.group() }];
    await sdk.addCustomerToCustomerGroups({ customerId, customerGroupIdentifiers });
    expect(done(await sdk.removeCustomerFromCustomerGroups({ customerId, customerGroupIdentifiers }))).toBeNull();
    expect(done(await sdk.getCustomerCustomerGroupMemberships({ customerId })).customerGroupMemberships).toEqual([]);
    expect(refusal(await sdk.removeCustomerFromCustomerGroups({ customerId: 'c_none', customerGroupIdentifiers }))).toBe(noCustomer);
  },

  async getCustomerGroupById(sdk, world) {
    const customerGroupId = await world.group();
    const group = { __typename: 'CustomerGroup', id: customerGroupId, key: 'beta', name: 'Group beta', color: '#FABADA' };
    expect(done(await sdk.getCustomerGroupById({ customerGroupId }))).toEqual(group);
    expect(done(await sdk.getCustomerGroupById({ customerGroupId: 'cg_none' }))).toBeNull();
  },

  async getCustomerGroups(sdk, world) {
    const ids = [await world.group('beta'), await world.group('gamma')];
    const first = done(await sdk.getCustomerGroups({ first: 1 }));
    expect([first.customerGroups.map((it) => it.id), first.pageInfo.hasNextPage]).toEqual([ids.slice(0, 1), true]);
    const second = done(await sdk.getCustomerGroups({ after: first.pageInfo.endCursor }));
    expect(second.customerGroups.map((it) => it.id)).toEqual(ids.slice(1));
  },

  async getCustomerCustomerGroupMemberships(sdk, world) {
    const { id: customerId } = await world.customer();
    await world.group();
    await sdk.addCustomerToCustomerGroups({ customerId, customerGroupIdentifiers: [{ customerGroupKey: 'beta' }] });
    const { customerGroupMemberships, pageInfo } = done(await sdk.getCustomerCustomerGroupMemberships({ customerId }));
    expect(customerGroupMemberships.map((it) => it.customerGroup.key)).toEqual(['beta']);
    expect(pageInfo).toMatchObject({ hasNextPage: false });
  },

  async getCustomerTenantMemberships(sdk, world) {
    const { id: customerId } = await world.customer();
    const tenants = [await world.tenant('acme'), await world.tenant('zeta')];
    await sdk.addCustomerToTenants({ customerIdentifier: { customerId }, tenantIdentifiers: tenants.map((it) => ({ tenantId: it.id })) });
    const { tenantMemberships, pageInfo } = done(await sdk.getCustomerTenantMemberships({ customerId, first: 1 }));
    expect(tenantMemberships.map((it) => it.tenant)).toEqual(tenants.slice(0, 1));
    const rest = done(await sdk.getCustomerTenantMemberships({ customerId, after: pageInfo!.endCursor }));
    expect(rest.tenantMemberships.map((it) => it.tenant)).toEqual(tenants.slice(1));
    const nobody = done(await sdk.getCustomerTenantMemberships({ customerId: 'c_none' }));
    expect(nobody.tenantMemberships).toEqual([]);
  },
};
