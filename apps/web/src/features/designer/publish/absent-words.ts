import type { AbsentNeeds, Hindrance } from '@windlass/engine/definition';

const MOST_USERS = 3;

/** What the server lacks for a flow, each with the tasks that will fail for it. */
export function absentWords({ secrets, types, hindrances = [] }: AbsentNeeds & { readonly hindrances?: readonly Hindrance[] }): string[] {
  return [
    ...secrets.map(({ name, usedBy }) => `This server has no secret “${name}”. ${usersOf(usedBy)} will fail without it.`),
    ...types.map(
      ({ type, version, usedBy }) => `This server has no task type ${type} version ${version}. ${usersOf(usedBy)} will fail without it.`,
    ),
    ...hindrances.map(({ message, usedBy }) => `${usersOf(usedBy)}: ${message}`),
  ];
}

function usersOf(names: readonly string[]): string {
  const more = names.length - MOST_USERS;
  const named = names
    .slice(0, MOST_USERS)
    .map((name) => `“${name}”`)
    .join(', ');
  return more > 0 ? `${named} and ${more} more` : named;
}
