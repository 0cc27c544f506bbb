import {
  Activity,
  Box,
  Braces,
  Clock,
  FilePenLine,
  FolderPlus,
  Globe,
  Link2,
  type LucideIcon,
  MessageSquareText,
  PackageOpen,
  SquareTerminal,
  Radio,
  Rocket,
  Server,
  Undo2,
  UserCheck,
  Workflow,
} from 'lucide-react';
import { memo } from 'react';

const ICONS: { readonly [name: string]: LucideIcon } = {
  activity: Activity,
  braces: Braces,
  clock: Clock,
  'file-pen-line': FilePenLine,
  'folder-plus': FolderPlus,
  globe: Globe,
  'link-2': Link2,
  'message-square-text': MessageSquareText,
  'package-open': PackageOpen,
  'square-terminal': SquareTerminal,
  radio: Radio,
  rocket: Rocket,
  server: Server,
  undo: Undo2,
  'user-check': UserCheck,
  subflow: Workflow,
};

/** The icon that a task type names; a box for an unknown icon. */
export const TaskIcon = memo(function TaskIcon({ name, size = 16 }: { readonly name: string | undefined; readonly size?: number }) {
  const Icon = ICONS[name ?? ''] ?? Box;
  return <Icon aria-hidden size={size} strokeWidth={1.5} />;
});
