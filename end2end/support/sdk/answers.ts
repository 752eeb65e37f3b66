import type { PlainClient, PlainSDKError } from '@team-plain/typescript-sdk';

/** What every method of the SDK answers. */
export type Answer<T> = { data: T; error?: never } | { data?: never; error: PlainSDKError };

/** A method of the SDK's client that stands for an operation. */
export type Method = Exclude<keyof PlainClient, 'rawRequest'>;

/** What was answered, which must be no error. */
export function done<T>(answer: Answer<T>): T {
  if (answer.error !== undefined) throw new Error(`the SDK answered ${JSON.stringify(answer.error)}`);
  return answer.data;
}

/** A mutation's error in one line: type and code, then each field with what is wrong with it. */
export function refusal(answer: Answer<unknown>): string {
  if (answer.error?.type !== 'mutation_error') throw new Error(`the SDK answered ${JSON.stringify(answer)}`);
  const { type, code, message, fields } = answer.error.errorDetails;
  if (message === '' || fields.some((field) => field.message === '')) throw new Error('an error says nothing');
  return [`${type} ${code}`, ...fields.map((field) => `${field.field} ${field.type}`)].join(', ');
}
