// Services: programs that run beside the applications.
import { get, post } from '../api.js';
import { badge, button, el, table, toast } from '../dom.js';
import { ago, clock, count } from '../format.js';
import { refreshed } from './refresh.js';

const LOOKS = { running: 'ready', waiting: 'starting', restarting: 'starting', ended: 'failed', stopped: 'stopped' };

/** Shows them. */
export function servicesPage(main) {
  const part = refreshed(() => get('services'), services => el('section', { className: 'card' }, table('Services',
    ['Service', 'State', 'Process', 'Started', 'Restarts', 'Last exit', 'Action'],
    (services ?? []).map(one => [
      one.name, stateBadge(String(one.state).toLowerCase()), one.pid > 0 ? one.pid : '–',
      one.started_at ? `${clock(one.started_at)} (${ago(one.started_at)})` : '–',
      count(one.restarts), one.last_exit === null || one.last_exit === '' ? '–' : one.last_exit,
      button('Restart', () => restart(one.name), { 'aria-label': `Restart ${one.name}` }),
    ]), 'No services are configured. They are written under services: in conf/server.yml.')));
  const restart = async name => {
    const answer = await post('services/restart', { name });
    toast(answer.messages, answer.succeeded === false);
    part.again();
  };
  main.append(part.node);
  return part.close;
}

function stateBadge(state) {
  return badge(LOOKS[state] ?? 'stopped', state);
}
