// Deploying an archive by upload, with progress.
import { upload } from '../api.js';
import { placeOf } from '../archive.js';
import { button, contextLink, el } from '../dom.js';
import { bytes } from '../format.js';
import { live } from '../live.js';

/** Shows the form. */
export function deployPage(main) {
  let chosen = null;
  let running = null;
  const file = el('input', { type: 'file', id: 'file', accept: '.war', className: 'unseen' });
  const what = el('p', { className: 'what', textContent: 'No archive chosen' });
  const zone = el('div', { className: 'drop' }, what,
    el('p', {}, el('label', { for: 'file', className: 'as-button', textContent: 'Choose a WAR…' }), file, ' or drop one here'));
  const path = field('path', 'Path', { required: true, pattern: '/.*', placeholder: '/shop', autocomplete: 'off', spellcheck: false, 'autocapitalize': 'none' });
  const version = field('version', 'Version (optional)', { placeholder: 'only for parallel versions', autocomplete: 'off', spellcheck: false });
  const note = el('p', { className: 'hint', role: 'status' });
  const go = el('button', { type: 'submit', className: 'primary', textContent: 'Deploy' });
  const stop = button('Cancel', () => running?.abort(), { hidden: true });
  const bar = el('progress', { max: 1, value: 0, hidden: true, 'aria-label': 'Upload' });
  const said = el('p', { className: 'hint', role: 'status' });
  const result = el('div', { role: 'alert' });
  const form = el('form', { className: 'card deploy' }, zone,
    el('div', { className: 'fields' }, path.node, version.node), note, el('div', { className: 'actions' }, go, stop), bar, said, result);
  main.append(el('p', { className: 'lead', textContent: 'The archive takes its place when it has arrived as a whole. An application that is there already answers until the new one is ready.' }), form);

  const choose = one => {
    chosen = one;
    what.textContent = one ? `${one.name}, ${bytes(one.size)}` : 'No archive chosen';
    if (one) {
      const place = placeOf(one.name);
      path.input.value = place.path;
      version.input.value = place.version;
    }
    look();
  };
  const look = () => {
    const there = live.contexts.get(path.input.value.trim());
    note.textContent = there ? `${there.path} is mounted (${there.kind}, ${there.state}). It is replaced; the archive of now is kept for rolling back.` : '';
  };
  file.addEventListener('click', () => { file.value = ''; }); // the same name again is a choice, too
  file.addEventListener('change', () => choose(file.files[0] ?? null));
  path.input.addEventListener('input', look);
  drops(zone, choose);
  form.addEventListener('submit', async event => {
    event.preventDefault();
    if (running) return;
    if (!chosen) {
      result.replaceChildren(el('p', { className: 'trouble', textContent: 'Choose the archive first: a file whose name ends with .war.' }));
      return;
    }
    if (!await readable(chosen)) {
      result.replaceChildren(el('p', { className: 'trouble', textContent: 'The archive has changed or gone since it was chosen. Choose it again.' }));
      return;
    }
    result.replaceChildren();
    bar.hidden = false;
    stop.hidden = false;
    go.disabled = true;
    const parameters = { path: path.input.value.trim(), version: version.input.value.trim(), update: 'true' };
    running = upload('contexts/deploy', parameters, chosen, (sent, total) => {
      bar.value = total > 0 ? sent / total : 0;
      const percent = Math.floor(bar.value * 10) * 10; // said aloud ten times, not a thousand
      const text = sent >= total ? 'Arrived; waiting for the application to be mounted…' : `${percent} % of ${bytes(total)} sent`;
      if (said.textContent !== text) said.textContent = text;
    });
    await finish(running.done, parameters.path, result);
    running = null;
    bar.hidden = true;
    stop.hidden = true;
    go.disabled = false;
    said.textContent = '';
  });
  return () => running?.abort();
}

/** Browsers refuse to send a file that has been written since it was chosen, and do not say so. */
const readable = file => file.slice(0, 1).arrayBuffer().then(() => true, () => false);

async function finish(done, path, result) {
  try {
    const answer = await done;
    result.replaceChildren(el('div', { className: answer.succeeded === false ? 'trouble' : 'done' },
      answer.messages.map(line => el('p', { textContent: line })),
      el('p', {}, el('a', { href: contextLink(path), textContent: `Go to ${path}` }))));
  } catch (failure) {
    result.replaceChildren(el('p', { className: 'trouble', textContent: failure.message }));
  }
}

function field(id, label, properties) {
  const input = el('input', { id, ...properties });
  return { input, node: el('div', { className: 'field' }, el('label', { for: id, textContent: label }), input) };
}

function drops(zone, choose) {
  const over = on => event => {
    event.preventDefault();
    zone.classList.toggle('over', on);
  };
  zone.addEventListener('dragenter', over(true));
  zone.addEventListener('dragover', over(true));
  zone.addEventListener('dragleave', over(false));
  zone.addEventListener('drop', event => {
    over(false)(event);
    choose(event.dataTransfer.files[0] ?? null);
  });
}
