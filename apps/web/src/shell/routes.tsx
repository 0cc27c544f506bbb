// Table of contents of the screens. Each is loaded when it is first opened.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { type ListSearch, listSearchOf } from '../lib/list-search.ts';
import { NotFound, ScreenFailed } from './failed.tsx';
import { Frame } from './frame.tsx';

interface Search extends ListSearch {
  at?: number;
  release?: string;
  jobs?: string;
  job?: string;
  versions?: string;
}

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound, errorComponent: ScreenFailed });
const screen = <Path extends string>(path: Path, load: Parameters<typeof lazyRouteComponent>[0], name: string) =>
  createRoute({
    getParentRoute: () => root,
    path,
    component: lazyRouteComponent(load, name),
    errorComponent: ScreenFailed,
    validateSearch: (search: Record<string, unknown>): Search => ({
      ...(typeof search['versions'] === 'string' ? { versions: search['versions'] } : {}),
      ...(Number.isInteger(search['at']) ? { at: Number(search['at']) } : {}),
      ...(typeof search['job'] === 'string' ? { job: search['job'] } : {}),
      ...(typeof search['jobs'] === 'string' ? { jobs: search['jobs'] } : {}),
      ...(typeof search['release'] === 'string' ? { release: search['release'] } : {}),
      ...listSearchOf(search),
    }),
  });

const routes = root.addChildren([
  screen('/', () => import('../features/home/home-screen.tsx'), 'HomeScreen'),
  screen('/flows', () => import('../features/flows/flows-screen.tsx'), 'FlowsScreen'),
  screen('/flows/$flowId', () => import('../features/designer/designer-screen.tsx'), 'DesignerScreen'),
  screen('/flows/$flowId/runs', () => import('../features/flows/flow-screen.tsx'), 'FlowScreen'),
  screen('/jobs', () => import('../features/jobs/jobs-screen.tsx'), 'JobsScreen'),
  screen('/flows/$flowId/compare', () => import('../features/compare/versions-screen.tsx'), 'VersionsScreen'),
  screen('/compare', () => import('../features/compare/compare-screen.tsx'), 'CompareScreen'),
  screen('/rollback', () => import('../features/joint-rollback/joint-rollback-screen.tsx'), 'JointRollbackScreen'),
  screen('/attention', () => import('../features/job/desk/desk-screen.tsx'), 'DeskScreen'),
  screen('/resources', () => import('../features/resources/resources-screen.tsx'), 'ResourcesScreen'),
  screen('/jobs/$jobId', () => import('../features/job/job-screen.tsx'), 'JobScreen'),
]);

export const router = createRouter({ routeTree: routes, defaultPreload: 'intent' });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
