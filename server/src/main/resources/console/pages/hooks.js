// Hooks: what was run at the points of the life cycles, with its outcome and output.
import { get } from '../api.js';
import { badge, el } from '../dom.js';
import { ago, clock, plain, span } from '../format.js';
import { refreshed } from './refresh.js';

const LOOKS = { done: 'ready', failed: 'failed', 'timed out': 'failed', running: 'starting' };

/** Shows the latest runs. */
export function hooksPage(main) {
  const part = refreshed(() => get('hooks'), hooks => {
    const runs = hooks ?? [];
    if (runs.length === 0) return el('p', { className: 'empty', textContent: 'No hook has run since the server started.' });
    return el('ol', { className: 'runs', 'aria-label': 'Runs of hooks, newest first' }, runs.map(run));
  });
  main.append(part.node);
  return part.close;
}

function run(hook) {
  const output = [hook.output ?? []].flat().map(plain);
  const key = `${hook.name} ${hook.at} ${hook.command}`;
  const head = [
    badge(LOOKS[hook.outcome] ?? 'stopped', hook.outcome),
    el('strong', { textContent: hook.name }),
    el('code', { textContent: [hook.command].flat().join(' ') }),
    el('span', { className: 'dim', textContent: [
      clock(hook.at), `took ${span(hook.took_ms)}`, hook.exit ? `exit ${hook.exit}` : ''].filter(Boolean).join(' · '), title: ago(hook.at) }),
  ];
  if (output.length === 0) return el('li', { className: 'run' }, el('div', { className: 'run-head' }, head));
  return el('li', { className: 'run' }, el('details', { dataset: { key }, open: hook.outcome === 'failed' || hook.outcome === 'timed out' },
    el('summary', { className: 'run-head' }, head),
    el('pre', { className: 'code', tabIndex: 0, role: 'region', 'aria-label': `Output of ${hook.name}`, textContent: output.join('\n') })));
}
