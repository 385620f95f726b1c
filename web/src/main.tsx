/** Starts the panel: time first, then the remembered language, then the page. */
import './kit/mantine.css';
import './kit/tokens.css';
import './kit/base.css';
import { z } from 'zod';
import { speakRemembered } from './text/use-say.ts';

// zod would compile its parsers with `new Function`, which the server's content security policy forbids.
z.config({ jitless: true });

async function start(root: HTMLElement): Promise<void> {
  if (!globalThis.Temporal) await import('temporal-polyfill/global');
  const [{ App }, { createRoot }] = await Promise.all([
    import('./app.tsx'),
    import('react-dom/client'),
    speakRemembered(),
  ]);
  createRoot(root).render(<App />);
}

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root');
void start(root);
