import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { PlainClient } from '@team-plain/typescript-sdk';
import { parse, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import type { Method } from './answers';

/** The GraphQL document of each method of the SDK: what it sends to a server that answers nothing of use. */
export async function documents(): Promise<Map<Method, DocumentNode>> {
  let sent = '';
  const server = createServer(async (request, response) => {
    sent = JSON.parse(await text(request)).query;
    response.writeHead(500).end('{}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const sdk = new PlainClient({ apiKey: 'plainApiKey_e2e', apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  const found = new Map<Method, DocumentNode>();
  for (const name of Object.getOwnPropertyNames(PlainClient.prototype)) {
    if (name === 'constructor' || name === 'rawRequest') continue;
    const method = name as Method;
    await (sdk[method] as (input: object) => Promise<unknown>)({});
    found.set(method, parse(sent));
  }
  server.close();
  server.closeAllConnections();
  return found;
}

/** What a document asks the root for, as `Mutation.createThread`. */
export function roots(document: DocumentNode): string[] {
  const operation = document.definitions.find((it): it is OperationDefinitionNode => it.kind === 'OperationDefinition')!;
  const root = operation.operation === 'mutation' ? 'Mutation' : 'Query';
  return operation.selectionSet.selections.map((it) => (it.kind === 'Field' ? `${root}.${it.name.value}` : ''));
}

/** Whether a schema has all the operations of a document. */
export function has(schema: GraphQLSchema, document: DocumentNode): boolean {
  const fields = { Query: schema.getQueryType()?.getFields(), Mutation: schema.getMutationType()?.getFields() };
  return roots(document).every((place) => {
    const [root, field] = place.split('.') as [keyof typeof fields, string];
    return fields[root]?.[field] !== undefined;
  });
}
