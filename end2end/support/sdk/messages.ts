import { expect } from '@playwright/test';
import { done, refusal } from './answers';
import type { Rows } from './rows';

/** Whatever a method is that writes into a thread that is not there. */
const noThread = 'VALIDATION not_found, threadId NOT_FOUND';

export const messages: Rows = {
  async replyToThread(sdk, world) {
    const { id: threadId } = await world.thread();
    const text = { textContent: 'Use *water*.', markdownContent: 'Use *water*.' };
    expect(done(await sdk.replyToThread({ threadId, ...text }))).toBeNull();
    const impersonation = { asCustomer: { customerIdentifier: { externalId: 'ada' } } };
    expect(done(await sdk.replyToThread({ threadId, textContent: 'It works.', impersonation }))).toBeNull();
    const [second, first] = (await world.entries(threadId)).filter((entry) => entry.startsWith('Email'));
    expect([first, second]).toEqual(['EmailEntry MachineUserActor Use *water*.', 'EmailEntry CustomerActor It works.']);
    expect(refusal(await sdk.replyToThread({ threadId: 'th_none', ...text }))).toBe(noThread);
    expect(refusal(await sdk.replyToThread({ threadId, textContent: ' ' }))).toBe('VALIDATION input_validation, textContent REQUIRED');
  },

  async sendCustomerChat(sdk, world) {
    const [{ id: customerId }, thread] = [await world.customer(), await world.thread({ channel: 'CHAT' as never })];
    const chat = done(await sdk.sendCustomerChat({ customerId, threadId: thread.id, text: 'Hello?' }));
    expect(chat).toMatchObject({ text: 'Hello?', attachments: [], createdAt: { __typename: 'DateTime' } });
    expect((await world.entries(thread.id))[0]).toBe('ChatEntry CustomerActor Hello?');
    expect(refusal(await sdk.sendCustomerChat({ customerId, threadId: 'th_none', text: 'Hello?' }))).toBe(noThread);
  },

  async sendChat(sdk, world) {
    const [{ id: customerId }, thread] = [await world.customer(), await world.thread({ channel: 'CHAT' as never })];
    expect(done(await sdk.sendChat({ customerId, threadId: thread.id, text: 'Hello!' })).text).toBe('Hello!');
    expect((await world.entries(thread.id))[0]).toBe('ChatEntry MachineUserActor Hello!');
    expect(refusal(await sdk.sendChat({ customerId, threadId: 'th_none', text: 'Hello!' }))).toBe(noThread);
  },

  async createNote(sdk, world) {
    const [{ id: customerId }, { id: threadId }] = [await world.customer(), await world.thread()];
    const note = done(await sdk.createNote({ customerId, threadId, text: 'Angry.', markdown: '**Angry.**' }));
    expect(note).toMatchObject({ __typename: 'Note', text: 'Angry.', markdown: '**Angry.**' });
    expect((await world.entries(threadId))[0]).toBe('NoteEntry MachineUserActor Angry.');
    expect(refusal(await sdk.createNote({ customerId: 'c_none', text: 'Who?' }))).toMatch(/^VALIDATION /);
  },

  async createThreadEvent(sdk, world) {
    const { id: threadId } = await world.thread();
    const components = [{ componentText: { text: 'Job 12' } }];
    const event = done(await sdk.createThreadEvent({ threadId, title: 'Printed', components }));
    expect(event).toMatchObject({ threadId, title: 'Printed', customerId: (await world.customer()).id, createdBy: { __typename: 'MachineUserActor' } });
    expect((await world.entries(threadId))[0]).toBe('ThreadEventEntry MachineUserActor Printed');
    expect(refusal(await sdk.createThreadEvent({ threadId: 'th_none', title: 'Printed', components }))).toBe(noThread);
  },

  async createCustomerEvent(sdk, world) {
    const [{ id: customerId }, { id: threadId }] = [await world.customer(), await world.thread()];
    const components = [{ componentText: { text: 'Pro' } }];
    const event = done(await sdk.createCustomerEvent({ customerIdentifier: { customerId }, title: 'Upgraded', components }));
    expect(event).toMatchObject({ __typename: 'CustomerEvent', customerId, title: 'Upgraded' });
    expect((await world.entries(threadId))[0]).toBe('CustomerEventEntry MachineUserActor Upgraded');
    const nobody = { emailAddress: 'nobody@x.example' };
    expect(refusal(await sdk.createCustomerEvent({ customerIdentifier: nobody, title: 'Upgraded', components }))).toBe(
      'VALIDATION not_found, customerIdentifier NOT_FOUND',
    );
  },
};
