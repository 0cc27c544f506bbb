import { Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';
import { chooseTheme, type ThemeChoice, themeChoice } from '../lib/theme.ts';
import { IconButton } from '../ui/icon-button.tsx';

const NEXT = { light: 'dark', dark: 'system', system: 'light' } as const;
const ICONS = { light: Sun, dark: Moon, system: Monitor } as const;

/** Switches between light, dark and the system's choice. */
export function ThemeMenu() {
  const [choice, setChoice] = useState<ThemeChoice>(themeChoice);
  const Icon = ICONS[choice];
  const turn = () => {
    const next = NEXT[choice];
    chooseTheme(next);
    setChoice(next);
  };
  return (
    <IconButton label={`Theme: ${choice}`} onClick={turn}>
      <Icon size={16} strokeWidth={1.5} />
    </IconButton>
  );
}
