// Private addresses: this machine, its networks, and the metadata services of clouds. Only allowed hosts may have them.
import { BlockList, isIPv4, isIPv6 } from 'node:net';

const refused = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Azure's virtual public address for its hosts.
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  refused.addSubnet(network, bits, 'ipv4');
}
for (const [network, bits] of [
  ['64:ff9b:1::', 48],
  ['100::', 64],
  // Teredo: the embedded address is scrambled, and no service uses it.
  ['2001::', 32],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const) {
  refused.addSubnet(network, bits, 'ipv6');
}

/** Is this a private address? IPv4 in IPv6 form counts as its IPv4 address; text that is no address counts as private. */
export function isPrivateAddress(address: string): boolean {
  const plain = address.split('%', 1)[0] ?? '';
  if (isIPv4(plain)) return refused.check(plain, 'ipv4');
  if (!isIPv6(plain)) return true;
  const within = ipv4Within(plain);
  return within === null ? refused.check(plain, 'ipv6') : refused.check(within, 'ipv4');
}

/** The IPv4 address within an IPv6 address: mapped, compatible, translated, NAT64 and 6to4. */
function ipv4Within(address: string): string | null {
  const groups = groupsOf(address);
  const begins = (...wanted: number[]) => wanted.every((group, index) => groups[index] === group);
  const at = (index: number) => {
    const [high = 0, low = 0] = groups.slice(index, index + 2);
    return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  };
  if (begins(0x2002)) return at(1);
  const isEmbedded =
    begins(0, 0, 0, 0, 0, 0) || begins(0, 0, 0, 0, 0, 0xffff) || begins(0, 0, 0, 0, 0xffff, 0) || begins(0x64, 0xff9b, 0, 0, 0, 0);
  return isEmbedded ? at(6) : null;
}

function groupsOf(address: string): number[] {
  // The WHATWG parser writes any valid form the same way: no dots, zeros shortened once.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const numbers = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  if (tail === undefined) return numbers(head);
  const [left, right] = [numbers(head), numbers(tail)];
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right];
}
