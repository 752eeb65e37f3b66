import { DoneStatusDetail, SnoozeStatusDetail, SortDirection, ThreadFieldSchemaType, ThreadsSortField, ThreadStatus, TodoStatusDetail } from '@team-plain/typescript-sdk';
import { expect } from '@playwright/test';
import { done, refusal } from './answers';
import type { Rows } from './rows';

export const threads: Rows = {
  async createThread(sdk, world) {
    const [ada, tenant, label, agent] = [await world.customer(), await world.tenant(), await world.labelType(), await world.agent()];
    await world.threadField();
    const input = {
      customerIdentifier: { customerId: ada.id },
      tenantIdentifier: { externalId: 'acme' },
      title: 'The printer',
      description: 'A fire',
      externalId: 'p-1',
      priority: 0,
      labelTypeIds: [label],
      assignedTo: { userId: agent },
      threadFields: [{ key: 'area', type: ThreadFieldSchemaType.String, stringValue: 'print' }],
      components: [{ componentText: { text: 'It is on fire.' } }],
    };
    const thread = done(await sdk.createThread(input));
    expect(thread).toMatchObject({
      __typename: 'Thread',
      ref: 'T-1',
      externalId: 'p-1',
      customer: { id: ada.id },
      tenant: { id: tenant.id, name: 'The acme' },
      status: ThreadStatus.Todo,
      statusDetail: { __typename: 'ThreadStatusDetailCreated' },
      title: 'The printer',
      description: 'A fire',
      previewText: 'It is on fire.',
      priority: 0,
      labels: [{ labelType: { id: label, name: 'Bug' } }],
      threadFields: [{ key: 'area', type: 'STRING', stringValue: 'print', booleanValue: null }],
      assignedTo: { __typename: 'User', id: agent, publicName: 'Sam', slackIdentities: [] },
      lockedAt: null,
      createdBy: { __typename: 'MachineUserActor' },
    });
    expect(thread.id).toMatch(/^th_[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(thread.createdAt.iso8601).toBe(new Date(Number(thread.createdAt.unixTimestamp)).toISOString());
    expect(refusal(await sdk.createThread(input)), 'the external id is taken').toBe('VALIDATION input_validation, externalId VALIDATION');
    expect(refusal(await sdk.createThread({ customerIdentifier: { externalId: 'nobody' }, components: [] }))).toBe(
      'VALIDATION not_found, customerIdentifier NOT_FOUND',
    );
  },

  async getThread(sdk, world) {
    const thread = await world.thread();
    expect(done(await sdk.getThread({ threadId: thread.id }))).toEqual(thread);
    expect(done(await sdk.getThread({ threadId: 'th_none' }))).toBeNull();
  },

  async getThreadByRef(sdk, world) {
    const thread = await world.thread();
    expect(done(await sdk.getThreadByRef({ ref: 'T-1' }))).toEqual(thread);
    expect(done(await sdk.getThreadByRef({ ref: 'T-2' }))).toBeNull();
  },

  async getThreadByExternalId(sdk, world) {
    const thread = await world.thread({ externalId: 'p-1' });
    const [ada, bob] = [await world.customer(), await world.customer('bob')];
    expect(done(await sdk.getThreadByExternalId({ customerId: ada.id, externalId: 'p-1' }))).toEqual(thread);
    expect(done(await sdk.getThreadByExternalId({ customerId: bob.id, externalId: 'p-1' })), "somebody else's").toBeNull();
  },

  async getThreads(sdk, world) {
    const ids: string[] = [];
    for (const title of ['One', 'Two', 'Three']) ids.push((await world.thread({ title })).id);
    const variables = { first: 2, sortBy: { field: ThreadsSortField.CreatedAt, direction: SortDirection.Asc } };
    const first = done(await sdk.getThreads(variables));
    expect(first.threads.map((thread) => thread.id)).toEqual(ids.slice(0, 2));
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const second = done(await sdk.getThreads({ ...variables, after: first.pageInfo.endCursor }));
    expect(second.threads.map((thread) => thread.id)).toEqual(ids.slice(2));
    expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    await sdk.markThreadAsDone({ threadId: ids[1]! });
    const filtered = done(await sdk.getThreads({ filters: { statuses: [ThreadStatus.Done] } }));
    expect(filtered.threads.map((thread) => thread.id)).toEqual([ids[1]]);
  },

  async assignThread(sdk, world) {
    const [thread, agent] = [await world.thread(), await world.agent()];
    const assigned = done(await sdk.assignThread({ threadId: thread.id, userId: agent }));
    expect(assigned).toMatchObject({ assignedTo: { __typename: 'User', id: agent }, assignedAt: { __typename: 'DateTime' } });
    expect(await world.entries(thread.id)).toEqual(['ThreadAssignmentTransitionedEntry MachineUserActor', 'CustomEntry MachineUserActor']);
    const me = thread.createdBy.__typename === 'MachineUserActor' ? thread.createdBy.machineUserId : '';
    const other = done(await sdk.assignThread({ threadId: thread.id, machineUserId: me }));
    expect(other.assignedTo).toMatchObject({ __typename: 'MachineUser', id: me, publicName: 'Fieldnote' });
    expect(refusal(await sdk.assignThread({ threadId: 'th_none', userId: agent }))).toBe('VALIDATION not_found, threadId NOT_FOUND');
    expect(refusal(await sdk.assignThread({ threadId: thread.id, userId: 'u_none' }))).toBe('VALIDATION not_found, userId NOT_FOUND');
    expect(refusal(await sdk.assignThread({ threadId: thread.id })), 'to whom?').toBe('VALIDATION input_validation, userId VALIDATION');
  },

  async unassignThread(sdk, world) {
    const thread = await world.thread({ assignedTo: { userId: await world.agent() } });
    const free = done(await sdk.unassignThread({ threadId: thread.id }));
    expect([free.assignedTo, free.assignedAt]).toEqual([null, null]);
    expect(refusal(await sdk.unassignThread({ threadId: 'th_none' }))).toBe('VALIDATION not_found, threadId NOT_FOUND');
  },

  async changeThreadPriority(sdk, world) {
    const thread = await world.thread();
    expect(done(await sdk.changeThreadPriority({ threadId: thread.id, priority: 0 })).priority).toBe(0);
    expect(refusal(await sdk.changeThreadPriority({ threadId: thread.id, priority: 4 }))).toBe('VALIDATION input_validation, priority VALIDATION');
  },

  async updateThreadTenant(sdk, world) {
    const [thread, tenant] = [await world.thread(), await world.tenant()];
    const tenantIdentifier = { tenantId: tenant.id };
    expect(done(await sdk.updateThreadTenant({ threadId: thread.id, tenantIdentifier })).tenant).toEqual(tenant);
    expect(done(await sdk.updateThreadTenant({ threadId: thread.id })).tenant).toBeNull();
    expect(refusal(await sdk.updateThreadTenant({ threadId: thread.id, tenantIdentifier: { externalId: 'none' } }))).toBe(
      'VALIDATION not_found, tenantIdentifier NOT_FOUND',
    );
  },

  async markThreadAsDone(sdk, world) {
    const thread = await world.thread();
    const ended = done(await sdk.markThreadAsDone({ threadId: thread.id, statusDetail: DoneStatusDetail.Ignored }));
    expect(ended).toMatchObject({ status: ThreadStatus.Done, statusDetail: { __typename: 'ThreadStatusDetailIgnored' } });
    expect(ended.statusDetail).toMatchObject({ statusChangedAt: ended.statusChangedAt });
    expect(refusal(await sdk.markThreadAsDone({ threadId: 'th_none' }))).toBe('VALIDATION not_found, threadId NOT_FOUND');
  },

  async snoozeThread(sdk, world) {
    const { id: threadId } = await world.thread();
    const waiting = done(await sdk.snoozeThread({ threadId, statusDetail: SnoozeStatusDetail.WaitingForCustomer }));
    expect(waiting).toMatchObject({ status: ThreadStatus.Snoozed, statusDetail: { __typename: 'ThreadStatusDetailWaitingForCustomer' } });
    const { statusDetail } = done(await sdk.snoozeThread({ threadId, durationSeconds: 3600 }));
    if (statusDetail?.__typename !== 'ThreadStatusDetailWaitingForDuration') throw new Error(JSON.stringify(statusDetail));
    expect(Number(statusDetail.waitingUntil.unixTimestamp) - Number(statusDetail.statusChangedAt.unixTimestamp)).toBe(3_600_000);
    expect(refusal(await sdk.snoozeThread({ threadId: 'th_none', durationSeconds: 1 }))).toBe('VALIDATION not_found, threadId NOT_FOUND');
  },

  async markThreadAsTodo(sdk, world) {
    const { id: threadId } = await world.thread();
    await sdk.markThreadAsDone({ threadId });
    const again = done(await sdk.markThreadAsTodo({ threadId, statusDetail: TodoStatusDetail.InProgress }));
    expect(again).toMatchObject({ status: ThreadStatus.Todo, statusDetail: { __typename: 'ThreadStatusDetailInProgress' } });
    expect(refusal(await sdk.markThreadAsTodo({ threadId: 'th_none' }))).toBe('VALIDATION not_found, threadId NOT_FOUND');
  },

  async upsertThreadField(sdk, world) {
    await world.threadField();
    const { id: threadId } = await world.thread();
    const identifier = { threadId, key: 'area' };
    const field = done(await sdk.upsertThreadField({ identifier, type: ThreadFieldSchemaType.String, stringValue: 'print' }));
    expect(field).toMatchObject({ __typename: 'ThreadField', threadId, key: 'area', type: 'STRING', stringValue: 'print', isAiGenerated: false });
    expect(done(await sdk.getThread({ threadId }))?.threadFields).toEqual([field]);
    expect(refusal(await sdk.upsertThreadField({ identifier, type: ThreadFieldSchemaType.Bool, booleanValue: true }))).toMatch(/^VALIDATION input_validation/);
  },

  async deleteThreadField(sdk, world) {
    await world.threadField();
    const thread = await world.thread({ threadFields: [{ key: 'area', type: ThreadFieldSchemaType.String, stringValue: 'print' }] });
    const identifier = { threadId: thread.id, key: 'area' };
    expect(thread.threadFields).toHaveLength(1);
    for (const time of ['first', 'second']) expect(done(await sdk.deleteThreadField({ identifier })), time).toBeNull();
    expect(done(await sdk.getThread({ threadId: thread.id }))?.threadFields).toEqual([]);
    expect(refusal(await sdk.deleteThreadField({ identifier: { threadId: 'th_none', key: 'area' } }))).toBe(
      'VALIDATION not_found, identifier.threadId NOT_FOUND',
    );
  },
};
