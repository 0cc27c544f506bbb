// How long a conductor may still be silent before its job is offered again (SEMANTICS J3, J4). Pure.

export interface LeaseLeft {
  readonly words: string;
  readonly tone: 'plain' | 'doubt';
}

/** Of a claim whose lease has ended nobody knows whether its conductor lives. */
export function leaseLeft(leaseUntil: number | null, now: number): LeaseLeft {
  if (leaseUntil === null) return { words: 'no lease', tone: 'plain' };
  const left = Math.ceil((leaseUntil - now) / 1_000);
  return left > 0 ? { words: `${left} s left`, tone: 'plain' } : { words: 'lease ended, offered again', tone: 'doubt' };
}
