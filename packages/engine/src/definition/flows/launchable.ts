import { EngineError } from '../../errors.ts';
import type { FlowStore } from './flow-store.ts';

/** Why nothing can be launched of that flow, or of that version of it: FLOW_UNKNOWN, VERSION_UNKNOWN; null when it can. */
export async function whyNotLaunchable(
  flows: Pick<FlowStore, 'presence' | 'versions'>,
  { flow, version }: { readonly flow: string; readonly version?: number },
): Promise<EngineError | null> {
  switch (await flows.presence(flow)) {
    case 'unknown':
      return new EngineError(
        'FLOW_UNKNOWN',
        `There is no flow with the id "${flow}", so it cannot be launched. Give the id of a flow, which begins with flow_ and is in the address of its page, not its name.`,
      );
    case 'removed':
      return new EngineError('FLOW_UNKNOWN', `The flow ${flow} was removed, so it cannot be launched.`);
    case 'present': {
      if (version === undefined) return null;
      const versions = (await flows.versions(flow)).map((one) => one.version);
      if (versions.includes(version)) return null;
      const newest = versions.length === 0 ? 'None is published yet.' : `The newest is ${Math.max(...versions)}.`;
      return new EngineError('VERSION_UNKNOWN', `The flow ${flow} has no version ${version}. ${newest}`);
    }
  }
}
