import { expect, test as base } from '@playwright/test';
import { PlainClient } from '@team-plain/typescript-sdk';
import { buildClientSchema, getIntrospectionQuery, print, validate, type IntrospectionQuery } from 'graphql';
import { anyPort, run } from '../support/binary';
import { accounts } from '../support/sdk/accounts';
import { done, type Answer } from '../support/sdk/answers';
import { documents, has, roots } from '../support/sdk/documents';
import { files } from '../support/sdk/files';
import { labels } from '../support/sdk/labels';
import { messages } from '../support/sdk/messages';
import { people } from '../support/sdk/people';
import { threads } from '../support/sdk/threads';
import { World } from '../support/sdk/world';

// Plain's own SDK against the sandbox: each of its methods whose operation the sandbox has.
const rows = { ...threads, ...messages, ...people, ...accounts, ...labels, ...files };

/** Each test has a sandbox of its own, with nothing in it but the workspace and its agents. */
const test = base.extend<{ apiUrl: string; sdk: PlainClient }>({
  apiUrl: async ({}, use) => {
    const sandbox = await run(['sandbox', '--empty', '--addr', anyPort], ['Sandbox Plain']);
    await use(sandbox.address('Sandbox Plain'));
    await sandbox.stop();
  },
  sdk: async ({ apiUrl }, use) => use(new PlainClient({ apiKey: 'plainApiKey_e2e', apiUrl })),
});

async function schema(sdk: PlainClient) {
  const answer = await sdk.rawRequest({ query: getIntrospectionQuery(), variables: {} });
  return buildClientSchema(done(answer as Answer<IntrospectionQuery>));
}

for (const [method, row] of Object.entries(rows)) {
  test(method, async ({ sdk }) => {
    const called = new Set<string | symbol>();
    const watched = new Proxy(sdk, {
      get(client, name) {
        called.add(name);
        return (client[name as keyof PlainClient] as CallableFunction).bind(client);
      },
    });
    await row(watched, new World(sdk));
    expect([...called], 'the test calls the method that it is named after').toContain(method);
  });
}

test('no method is left out whose operation the sandbox has, and all that they ask for is there', async ({ sdk }) => {
  const sandbox = await schema(sdk);
  const had = [...(await documents())].filter(([, document]) => has(sandbox, document));
  expect(Object.keys(rows).sort()).toEqual(had.map(([method]) => method).sort());
  const missing = had.flatMap(([method, document]) => validate(sandbox, document).map((error) => `${method}: ${error.message}`));
  expect(missing).toEqual([]);
});

test('a key that is none is refused', async ({ apiUrl }) => {
  const answer = await new PlainClient({ apiKey: 'none', apiUrl }).getMyWorkspace();
  expect(answer.error?.type).toBe('forbidden');
});

test('what the sandbox has not it names', async ({ apiUrl, sdk }) => {
  const sandbox = await schema(sdk);
  const lacking = [...(await documents())].filter(([, document]) => !has(sandbox, document));
  expect(lacking.length).toBeGreaterThan(0);
  for (const [method, document] of lacking) {
    const response = await fetch(apiUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer plainApiKey_e2e' },
      body: JSON.stringify({ query: print(document) }),
    });
    const { data, errors } = (await response.json()) as { data: unknown; errors: { message: string; extensions: { code: string } }[] };
    expect([data, errors[0]?.extensions.code], method).toEqual([null, 'GRAPHQL_VALIDATION_FAILED']);
    expect(errors[0]?.message).toContain(`The sandbox has no \`${roots(document)[0]}\`.`);
  }
});
