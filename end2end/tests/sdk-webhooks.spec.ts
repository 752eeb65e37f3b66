import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from '@playwright/test';
import { parsePlainWebhook, PlainClient, PlainWebhookSignatureVerificationError, verifyPlainWebhook } from '@team-plain/typescript-sdk';
import { anyPort, run } from '../support/binary';
import { done } from '../support/sdk/answers';
import { World } from '../support/sdk/world';

const secret = 'a secret of webhooks';
// The version that this SDK knows; Plain sends each target the one that was chosen for it.
const version = '2026-02-27';

interface Webhook {
  body: string;
  signature: string;
}

test("Plain's own verifier takes what the sandbox sends", async () => {
  const heard: Webhook[] = [];
  const listener = createServer(async (request, response) => {
    const body = await text(request);
    heard.push({ body, signature: String(request.headers['plain-request-signature']) });
    response.end();
  });
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/`;
  const target = ['--webhook-url', url, '--webhook-secret', secret, '--webhook-version', version];
  const sandbox = await run(['sandbox', '--empty', '--addr', anyPort, ...target], ['Sandbox Plain']);
  const sdk = new PlainClient({ apiKey: 'plainApiKey_e2e', apiUrl: sandbox.address('Sandbox Plain') });
  const world = new World(sdk);

  const [{ id: customerId }, { id: threadId }] = [await world.customer(), await world.thread({ channel: 'CHAT' as never })];
  await world.threadField();
  await world.group();
  done(await sdk.sendCustomerChat({ customerId, threadId, text: 'Hello?' }));
  done(await sdk.sendChat({ customerId, threadId, text: 'Hello!' }));
  done(await sdk.createNote({ customerId, threadId, text: 'Angry.' }));
  done(await sdk.assignThread({ threadId, userId: await world.agent() }));
  done(await sdk.addLabels({ threadId, labelTypeIds: [await world.labelType()] }));
  done(await sdk.changeThreadPriority({ threadId, priority: 0 }));
  done(await sdk.upsertThreadField({ identifier: { threadId, key: 'area' }, type: 'STRING' as never, stringValue: 'print' }));
  done(await sdk.deleteThreadField({ identifier: { threadId, key: 'area' } }));
  done(await sdk.markThreadAsDone({ threadId }));
  done(await sdk.replyToThread({ threadId: (await world.thread()).id, textContent: 'Use water.' }));
  done(await sdk.addCustomerToCustomerGroups({ customerId, customerGroupIdentifiers: [{ customerGroupKey: 'beta' }] }));
  done(await sdk.deleteCustomer({ customerId }));

  const expected = [
    'customer.customer_created',
    'customer.customer_deleted',
    'customer.customer_group_memberships_changed',
    'thread.chat_received',
    'thread.chat_sent',
    'thread.email_sent',
    'thread.note_created',
    'thread.thread_assignment_transitioned',
    'thread.thread_created',
    'thread.thread_field_created',
    'thread.thread_field_deleted',
    'thread.thread_labels_changed',
    'thread.thread_priority_changed',
    'thread.thread_status_transitioned',
  ];
  const types = () => new Set(heard.map(({ body }) => JSON.parse(body).type as string));
  await expect.poll(() => expected.filter((type) => !types().has(type))).toEqual([]);
  for (const { body, signature } of heard) {
    const { data, error } = verifyPlainWebhook(body, signature, secret);
    expect(error?.message, body).toBeUndefined();
    expect(data).toEqual(parsePlainWebhook(body).data);
    const forged = verifyPlainWebhook(body, signature, 'another secret');
    expect(forged.error).toBeInstanceOf(PlainWebhookSignatureVerificationError);
  }
  await sandbox.stop();
  listener.close();
});
