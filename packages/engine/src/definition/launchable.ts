import { EngineError } from '../errors.ts';
import type { FlowStore } from './flow-store.ts';

/** Why nothing can be launched of that flow, or of that version of it: FLOW_UNKNOWN, VERSION_UNKNOWN; null when it can. */
export async function whyNotLaunchable(
  flows: Pick<FlowStore, 'standing' | 'versions'>,
  { flow, version }: { readonly flow: string; readonly version?: number },
): Promise<EngineError | null> {
  switch (await flows.standing(flow)) {
    case 'unknown':
      return new EngineError(
        'FLOW_UNKNOWN',
        `There is no flow with the id "${flow}", so nothing is launched of it. The id of a flow begins with flow_ and stands in the address of its page; its name does not count.`,
      );
    case 'removed':
      return new EngineError('FLOW_UNKNOWN', `The flow ${flow} was removed, so nothing is launched of it.`);
    case 'present': {
      if (version === undefined) return null;
      const versions = (await flows.versions(flow)).map((one) => one.version);
      if (versions.includes(version)) return null;
      const newest = versions.length === 0 ? 'None is published yet.' : `The newest is ${Math.max(...versions)}.`;
      return new EngineError('VERSION_UNKNOWN', `The flow ${flow} has no version ${version}. ${newest}`);
    }
  }
}
