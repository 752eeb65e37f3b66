import { expect } from '@playwright/test';
import { done, refusal } from './answers';
import type { Rows } from './rows';

const acme = { companyDomainName: 'acme.example' };

export const accounts: Rows = {
  async upsertTenant(sdk, world) {
    const tenant = await world.tenant();
    expect(tenant).toMatchObject({ __typename: 'Tenant', externalId: 'acme', name: 'The acme', url: null, tier: null });
    const changed = done(await sdk.upsertTenant({ identifier: { tenantId: tenant.id }, externalId: 'acme', name: 'Acme', url: { value: 'https://acme.example' } }));
    expect(changed).toMatchObject({ id: tenant.id, name: 'Acme', url: 'https://acme.example' });
    const nameless = { identifier: { externalId: 'acme' }, externalId: 'acme', name: '' };
    expect(refusal(await sdk.upsertTenant(nameless))).toBe('VALIDATION input_validation, name REQUIRED');
  },

  async getTenantById(sdk, world) {
    const tenant = await world.tenant();
    expect(done(await sdk.getTenantById({ tenantId: tenant.id }))).toEqual(tenant);
    expect(done(await sdk.getTenantById({ tenantId: 'te_none' }))).toBeNull();
  },

  async getTenants(sdk, world) {
    const tenants = [await world.tenant('acme'), await world.tenant('zeta'), await world.tenant('omega')];
    const first = done(await sdk.getTenants({ first: 2 }));
    expect(first.tenants).toEqual(tenants.slice(0, 2));
    const second = done(await sdk.getTenants({ first: 2, after: first.pageInfo.endCursor }));
    expect(second.tenants).toEqual(tenants.slice(2));
  },

  async searchTenants(sdk, world) {
    const [tenant] = [await world.tenant('acme'), await world.tenant('zeta')];
    expect(done(await sdk.searchTenants({ searchQuery: { term: 'ACM' } })).tenants).toEqual([tenant]);
    expect(done(await sdk.searchTenants({ searchQuery: { term: 'omega' } })).tenants).toEqual([]);
  },

  async addCustomerToTenants(sdk, world) {
    const [{ id: customerId }, tenant] = [await world.customer(), await world.tenant()];
    const add = (externalId: string) => sdk.addCustomerToTenants({ customerIdentifier: { customerId }, tenantIdentifiers: [{ externalId }] });
    for (const time of ['first', 'second']) expect(done(await add('acme')), time).toBeNull();
    const { tenantMemberships } = done(await sdk.getCustomerTenantMemberships({ customerId }));
    expect(tenantMemberships.map((it) => it.tenant)).toEqual([tenant]);
    expect(refusal(await add('none'))).toBe('VALIDATION not_found, tenantIdentifiers[0] NOT_FOUND');
  },

  async removeCustomerFromTenants(sdk, world) {
    await world.tenant();
    const { id: customerId } = await world.customer('ada', { tenantIdentifiers: [{ externalId: 'acme' }] });
    const customerIdentifier = { externalId: 'ada' };
    expect(done(await sdk.getCustomerTenantMemberships({ customerId })).tenantMemberships).toHaveLength(1);
    expect(done(await sdk.removeCustomerFromTenants({ customerIdentifier, tenantIdentifiers: [{ externalId: 'acme' }] }))).toBeNull();
    expect(done(await sdk.getCustomerTenantMemberships({ customerId })).tenantMemberships).toEqual([]);
    expect(refusal(await sdk.removeCustomerFromTenants({ customerIdentifier, tenantIdentifiers: [{}] }))).toBe(
      'VALIDATION input_validation, tenantIdentifiers[0] VALIDATION',
    );
  },

  async setCustomerTenants(sdk, world) {
    const [acme, zeta] = [await world.tenant('acme'), await world.tenant('zeta')];
    const { id: customerId } = await world.customer('ada', { tenantIdentifiers: [{ tenantId: acme.id }] });
    const set = (tenantIdentifiers: { externalId: string }[]) => sdk.setCustomerTenants({ customerIdentifier: { customerId }, tenantIdentifiers });
    expect(done(await set([{ externalId: 'zeta' }]))).toBeNull();
    const { tenantMemberships } = done(await sdk.getCustomerTenantMemberships({ customerId }));
    expect(tenantMemberships.map((it) => it.tenant)).toEqual([zeta]);
    expect(refusal(await set([{ externalId: 'none' }]))).toBe('VALIDATION not_found, tenantIdentifiers[0] NOT_FOUND');
  },

  async upsertCompany(sdk, world) {
    const company = await world.company();
    expect(company).toMatchObject({ __typename: 'Company', name: 'Company acme.example', domainName: 'acme.example', createdBy: { __typename: 'MachineUserActor' } });
    const changed = done(await sdk.upsertCompany({ identifier: { companyId: company.id }, name: 'Acme', domainName: 'https://www.acme.example/about' }));
    expect(changed).toMatchObject({ id: company.id, name: 'Acme', domainName: 'acme.example' });
    await world.company('zeta.example');
    const taken = { identifier: acme, name: 'Acme', domainName: 'zeta.example' };
    expect(refusal(await sdk.upsertCompany(taken))).toBe('VALIDATION input_validation, domainName VALIDATION');
    expect(refusal(await sdk.upsertCompany({ identifier: { companyId: 'co_none' }, name: 'Acme', domainName: 'omega.example' }))).toBe(
      'VALIDATION not_found, identifier NOT_FOUND',
    );
  },

  async getCompanies(sdk, world) {
    const companies = [await world.company(), await world.company('zeta.example')];
    const first = done(await sdk.getCompanies({ first: 1 }));
    expect(first.companies).toEqual(companies.slice(0, 1));
    expect(done(await sdk.getCompanies({ after: first.pageInfo.endCursor })).companies).toEqual(companies.slice(1));
  },

  async searchCompanies(sdk, world) {
    const company = await world.company();
    await world.company('zeta.example');
    // The SDK's own name for what it has found.
    expect(done(await sdk.searchCompanies({ searchQuery: { term: 'ACME' } })).tenants).toEqual([company]);
  },

  async updateCustomerCompany(sdk, world) {
    const [{ id: customerId }, company] = [await world.customer(), await world.company()];
    expect(done(await sdk.updateCustomerCompany({ customerId, companyIdentifier: acme })).company).toEqual(company);
    expect(done(await sdk.updateCustomerCompany({ customerId })).company).toBeNull();
    expect(refusal(await sdk.updateCustomerCompany({ customerId: 'c_none', companyIdentifier: acme }))).toBe(
      'VALIDATION not_found, customerId NOT_FOUND',
    );
    expect(refusal(await sdk.updateCustomerCompany({ customerId, companyIdentifier: { companyId: 'co_none' } }))).toBe(
      'VALIDATION not_found, companyIdentifier NOT_FOUND',
    );
  },

  async getTierById(sdk, world) {
    const tierId = await world.tier('gold', { name: 'Gold', defaultThreadPriority: 1 });
    expect(done(await sdk.getTierById({ tierId }))).toMatchObject({ __typename: 'Tier', id: tierId, name: 'Gold', externalId: 'gold', defaultThreadPriority: 1 });
    expect(done(await sdk.getTierById({ tierId: 'tier_none' }))).toBeNull();
  },

  async getTiers(sdk, world) {
    const ids = [await world.tier('gold'), await world.tier('silver')];
    const { tiers, pageInfo } = done(await sdk.getTiers({ last: 1 }));
    expect([tiers.map((tier) => tier.id), pageInfo.hasPreviousPage]).toEqual([ids.slice(1), true]);
    expect(done(await sdk.getTiers({ before: pageInfo.startCursor })).tiers.map((tier) => tier.id)).toEqual(ids.slice(0, 1));
  },

  async addMembersToTier(sdk, world) {
    const [gold, tenant, company] = [await world.tier(), await world.tenant(), await world.company()];
    const memberIdentifiers = [{ tenantId: tenant.id }, { companyId: company.id }];
    const members = done(await sdk.addMembersToTier({ tierIdentifier: { externalId: 'gold' }, memberIdentifiers }));
    expect(members.map((it) => it.__typename)).toEqual(['TenantTierMembership', 'CompanyTierMembership']);
    expect(done(await sdk.getTenantById({ tenantId: tenant.id }))?.tier?.id).toBe(gold);
    await world.tier('silver');
    await sdk.addMembersToTier({ tierIdentifier: { externalId: 'silver' }, memberIdentifiers });
    expect(done(await sdk.getTenantById({ tenantId: tenant.id }))?.tier?.externalId, 'nobody is in two').toBe('silver');
    const nobody = [{ tenantId: tenant.id }, { companyId: 'co_none' }];
    expect(refusal(await sdk.addMembersToTier({ tierIdentifier: { tierId: gold }, memberIdentifiers: nobody }))).toBe(
      'VALIDATION not_found, memberIdentifiers[1] NOT_FOUND',
    );
  },

  async removeMembersFromTier(sdk, world) {
    const tenant = await world.tenant();
    await world.tier('gold', { memberIdentifiers: [{ tenantId: tenant.id }] });
    const memberIdentifiers = [{ tenantId: tenant.id }];
    expect(done(await sdk.getTenantById({ tenantId: tenant.id }))?.tier?.externalId).toBe('gold');
    expect(done(await sdk.removeMembersFromTier({ memberIdentifiers }))).toBeNull();
    expect(done(await sdk.getTenantById({ tenantId: tenant.id }))?.tier).toBeNull();
    expect(refusal(await sdk.removeMembersFromTier({ memberIdentifiers: [] }))).toBe('VALIDATION input_validation, memberIdentifiers REQUIRED');
  },

  async updateTenantTier(sdk, world) {
    await world.tenant();
    await world.tier('gold', { defaultThreadPriority: 0 });
    const [tenantIdentifier, tierIdentifier] = [{ externalId: 'acme' }, { externalId: 'gold' }];
    const membership = done(await sdk.updateTenantTier({ tenantIdentifier, tierIdentifier }));
    expect(membership).toMatchObject({ __typename: 'TenantTierMembership', createdBy: { __typename: 'MachineUserActor' } });
    expect((await world.thread({ tenantIdentifier })).priority, "the tier's").toBe(0);
    expect(refusal(await sdk.updateTenantTier({ tenantIdentifier, tierIdentifier: { externalId: 'none' } }))).toBe(
      'VALIDATION not_found, tierIdentifier NOT_FOUND',
    );
  },

  async updateCompanyTier(sdk, world) {
    await world.company();
    await world.tier('gold', { defaultThreadPriority: 0 });
    const membership = done(await sdk.updateCompanyTier({ companyIdentifier: acme, tierIdentifier: { externalId: 'gold' } }));
    expect(membership.__typename).toBe('CompanyTierMembership');
    const worker = await world.customer('bob', { email: { email: 'bob@acme.example', isVerified: true } });
    expect((await world.thread({ customerIdentifier: { customerId: worker.id } })).priority, "the company's tier's").toBe(0);
    expect(refusal(await sdk.updateCompanyTier({ companyIdentifier: { companyDomainName: 'none.example' } }))).toBe(
      'VALIDATION not_found, companyIdentifier NOT_FOUND',
    );
  },
};
