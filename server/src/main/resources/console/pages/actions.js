// What can be done with a context.
import { get, post } from '../api.js';
import { button, el, toast } from '../dom.js';
import { confirm } from '../dialog.js';
import { live } from '../live.js';
import { me } from '../user.js';

const RUNS = ['starting', 'ready'];

/** Buttons for a context, which follow its state: {node, close()}. */
export function actionsOf(path, all = false) {
  const start = button('Start', () => act(start, path, 'start'));
  const restart = button('Restart', () => act(restart, path, 'restart'));
  const stop = button('Stop', () => act(stop, path, 'stop'));
  const more = all ? [button('Roll back…', () => rollBack(path)), button('Undeploy…', () => undeploy(path), { className: 'danger' })] : [];
  const node = el('div', { hidden: !me.changes, className: 'actions', role: 'group', 'aria-label': `Actions on ${path}` }, start, restart, stop, ...more);
  const follow = () => {
    const item = live.contexts.get(path);
    const runs = item !== undefined && RUNS.includes(item.state);
    const process = item === undefined || ['war', 'command'].includes(item.kind);
    [start, restart, stop].forEach(one => { one.hidden = !process; });
    enable(start, process && !runs);
    enable(restart, process && runs);
    enable(stop, process && runs);
  };
  live.addEventListener('contexts', follow);
  follow();
  return { node, close: () => live.removeEventListener('contexts', follow) };
}

/** Not `disabled`: that would take the focus away from whoever pressed it. */
function enable(one, possible) {
  one.setAttribute('aria-disabled', String(!possible));
}

async function act(pressed, path, action) {
  if (pressed.getAttribute('aria-disabled') === 'true' || pressed.getAttribute('aria-busy') === 'true') return;
  pressed.setAttribute('aria-busy', 'true');
  try {
    const answer = await post(`contexts/${action}`, { path });
    toast(answer.messages, answer.succeeded === false);
  } catch (failure) {
    if (failure.status !== 401) toast(failure.messages, true);
  }
  pressed.removeAttribute('aria-busy');
}

const say = answer => {
  toast(answer.messages, answer.succeeded === false);
};

async function undeploy(path) {
  const done = await confirm({
    title: `Undeploy ${path}?`,
    text: ['It is stopped, and what was deployed here is taken out of webapps/. Its data in work/ and its database stay.'],
    action: 'Undeploy', typed: path, danger: true,
    act: async () => say(await post('contexts/undeploy', { path })),
  });
  if (done) location.hash = '#/';
}

async function rollBack(path) {
  const one = await get('contexts/one', { path });
  const before = (one.previous_versions ?? []).map(version => (typeof version === 'string' ? { version } : version));
  if (one.previous_versions && before.length === 0) {
    toast(`${path}: there is no version before this one. One is kept when an application is deployed over another.`, true);
    return;
  }
  const [last] = before;
  await confirm({
    title: `Roll ${path} back?`,
    text: [`The version before this one${last?.version ? ` (${last.version})` : ''} takes its place again. Requests go on until it is ready.`],
    action: 'Roll back',
    act: async () => say(await post('contexts/rollback', { path })),
  });
}
