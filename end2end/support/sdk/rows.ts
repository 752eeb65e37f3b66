import type { PlainClient } from '@team-plain/typescript-sdk';
import type { Method } from './answers';
import type { World } from './world';

/** For methods of the SDK, what is to hold of each: in a workspace of its own, where nobody has done anything. */
export type Rows = Partial<Record<Method, (sdk: PlainClient, world: World) => Promise<void>>>;
