// The time until a lease ends and its job is offered again (J3, J4). Pure.

export interface LeaseLeft {
  readonly words: string;
  readonly tone: 'plain' | 'doubt';
}

/** After the end of the lease it is unknown whether the conductor is alive. */
export function leaseLeft(leaseUntil: number | null, now: number): LeaseLeft {
  if (leaseUntil === null) return { words: 'no lease', tone: 'plain' };
  const left = Math.ceil((leaseUntil - now) / 1_000);
  return left > 0 ? { words: `${left} s left`, tone: 'plain' } : { words: 'lease ended, offered again', tone: 'doubt' };
}
