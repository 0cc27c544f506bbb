// The frame around every screen: the rail on the left, the screen on the right. A screen brings its own top bar.
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { CircleAlert, House, ListVideo, type LucideIcon, Server, Workflow } from 'lucide-react';
import { needsSession, useTRPC } from '../lib/trpc.ts';
import { StateIconShapes } from '../ui/state/state-icon.tsx';
import { Tip } from '../ui/tip.tsx';
import { NoSession } from './failed.tsx';
import { Logo } from './logo.tsx';
import { NoticeBell } from './notice-bell.tsx';
import { ThemeMenu } from './theme-menu.tsx';

const PLACES: readonly {
  readonly to: '/' | '/flows' | '/jobs' | '/attention' | '/resources';
  readonly label: string;
  readonly icon: LucideIcon;
}[] = [
  { to: '/', label: 'Home', icon: House },
  { to: '/flows', label: 'Flows', icon: Workflow },
  { to: '/jobs', label: 'Jobs', icon: ListVideo },
  { to: '/attention', label: 'Needs attention', icon: CircleAlert },
  { to: '/resources', label: 'Resources', icon: Server },
];

export function Frame() {
  const trpc = useTRPC();
  const { error, data } = useQuery(trpc.session.me.queryOptions());
  return (
    <div className="flex h-full">
      <StateIconShapes />
      <nav aria-label="Main" className="flex w-12 shrink-0 flex-col items-center gap-1.5 border-r border-line bg-surface py-2.5 text-fg-3">
        <Logo />
        {PLACES.map(({ to, label, icon: Icon }) => (
          <Tip key={to} text={label} side="right">
            <Link
              to={to}
              aria-label={label}
              activeOptions={{ exact: to === '/' }}
              className="grid size-8 place-items-center rounded-2 hover:bg-hover hover:text-fg"
              activeProps={{ className: '!bg-accent-tint !text-accent-fg' }}
            >
              <Icon size={16} strokeWidth={1.5} />
            </Link>
          </Tip>
        ))}
        <span className="flex-1" />
        {data !== undefined && <NoticeBell />}
        {data !== undefined && (
          <Tip text={`You act as ${data.person.name}`} side="right">
            <span
              role="img"
              aria-label={`You act as ${data.person.name}`}
              className="grid size-7 place-items-center rounded-full border border-line-strong text-11 font-medium text-fg-2"
            >
              {data.person.name.slice(0, 2).toUpperCase()}
            </span>
          </Tip>
        )}
        <ThemeMenu />
      </nav>
      <main className="flex min-w-0 flex-1 flex-col">{needsSession(error) ? <NoSession /> : <Outlet />}</main>
    </div>
  );
}
