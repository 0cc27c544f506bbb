// Sessions of people in browsers. Only a hash of the secret in the cookie is stored.
import { createHash, randomBytes } from 'node:crypto';
import type { Actor } from '@windlass/engine/run';
import type { PrismaClient } from './generated/sqlite/client.ts';

/** An unused session ends after this time. */
const LASTS = 30 * 24 * 3_600_000;
/** The last use of a session is written this often, not at every request. */
const TOUCH_EVERY = 3_600_000;

export class Sessions {
  readonly #prisma: PrismaClient;

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  /** Opens a session for a person and returns the secret for the cookie. The store keeps only a hash of the secret. */
  async open(person: { readonly id: string; readonly name: string }, now: number): Promise<string> {
    const secret = randomBytes(32).toString('base64url');
    await this.#prisma.session.create({
      data: { hash: hashOf(secret), personId: person.id, personName: person.name, createdAt: now, seenAt: now, expiresAt: now + LASTS },
    });
    await this.#prisma.session.deleteMany({ where: { expiresAt: { lt: now } } });
    return secret;
  }

  /** The person of a session secret; undefined when the secret is unknown or has expired. */
  async find(secret: string, now: number): Promise<Actor | undefined> {
    const found = await this.#prisma.session.findUnique({ where: { hash: hashOf(secret) } });
    if (found === null || found.expiresAt < now) return undefined;
    if (now - Number(found.seenAt) >= TOUCH_EVERY) {
      await this.#prisma.session.updateMany({ where: { hash: found.hash }, data: { seenAt: now, expiresAt: now + LASTS } });
    }
    return { kind: 'person', id: found.personId, name: found.personName };
  }

  /** Ends a session. Its secret is then unknown. */
  async close(secret: string): Promise<void> {
    await this.#prisma.session.deleteMany({ where: { hash: hashOf(secret) } });
  }
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
