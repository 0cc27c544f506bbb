import type { AbsentNeeds } from '@windlass/engine/definition';

const MOST_USERS = 3;

/** One sentence for each secret and task type that the server does not have, with the tasks that will fail for it. */
export function absentWords({ secrets, types }: AbsentNeeds): string[] {
  return [
    ...secrets.map(({ name, usedBy }) => `This server has no secret “${name}”. ${usersOf(usedBy)} will fail without it.`),
    ...types.map(
      ({ type, version, usedBy }) => `This server has no task type ${type} version ${version}. ${usersOf(usedBy)} will fail without it.`,
    ),
  ];
}

function usersOf(names: readonly string[]): string {
  const more = names.length - MOST_USERS;
  return more > 0 ? `${names.slice(0, MOST_USERS).join(', ')} and ${more} more` : names.join(', ');
}
