import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { tests } from 'commonmark-spec';

/** What somebody may write who means harm. */
export interface Attack {
  title: string;
  payload: string;
}

const repository = path.resolve(__dirname, '../..');

// Nobody can send a blank one.
const read = (file: string): Attack[] =>
  (JSON.parse(readFileSync(file, 'utf8')) as Attack[]).filter(({ payload }) => payload.trim() !== '');

/** Our own, which the Rust tests use too. */
export const ours = read(path.join(repository, 'tests/support/attacks.json'));

/** The examples in CommonMark's own specification. Some are blank to a reader, and nobody can send those. */
export const examples = tests.map(({ markdown }) => markdown).filter((markdown) => markdown.trim() !== '');

/** DOMPurify's, which are not ours to ship: $XSS_FIXTURES, or else beside the repository. */
const fixtures = path.resolve(repository, process.env.XSS_FIXTURES ?? '../shared/xss/dompurify-fixtures.json');
export const known = existsSync(fixtures) ? read(fixtures) : undefined;
export const missing = `no XSS_FIXTURES at ${fixtures}`;
