// Questions before something that cannot be undone. The browser's own dialog keeps the focus inside and gives it back.
import { button, el } from './dom.js';

let made = 0;

/**
 * Asks. `typed` is a text that has to be typed before the action can be chosen. `act` runs while the dialog shows that it
 * waits; what it throws is shown in the dialog. Completes with true when the action was done.
 */
export function confirm({ title, text, action, typed = '', danger = false, act }) {
  const id = `dialog-${++made}`;
  const trouble = el('p', { className: 'trouble', role: 'alert', hidden: true });
  const input = typed ? el('input', { id: `${id}-typed`, autocomplete: 'off', spellcheck: false, 'autocapitalize': 'none' }) : null;
  const yes = el('button', { type: 'submit', textContent: action, className: danger ? 'danger' : 'primary', disabled: typed !== '' });
  const dialog = el('dialog', { 'aria-labelledby': `${id}-title`, 'aria-describedby': `${id}-text` });
  const no = button('Cancel', () => dialog.close());
  const form = el('form', {},
    el('h2', { id: `${id}-title`, textContent: title }),
    el('div', { id: `${id}-text` }, [text].flat().map(line => (line instanceof Node ? line : el('p', { textContent: line })))),
    input && el('div', { className: 'field' }, el('label', { for: input.id }, 'Type ', el('code', { textContent: typed }), ' to confirm'), input),
    trouble, el('div', { className: 'actions' }, no, yes));
  input?.addEventListener('input', () => { yes.disabled = input.value.trim() !== typed; });
  dialog.append(form);
  document.body.append(dialog);
  return shown(dialog, form, { yes, no, trouble, act, input });
}

function shown(dialog, form, { yes, no, trouble, act, input }) {
  const before = document.activeElement;
  let done = false;
  form.addEventListener('submit', async event => {
    event.preventDefault();
    yes.disabled = true;
    yes.setAttribute('aria-busy', 'true');
    trouble.hidden = true;
    try {
      await act();
      done = true;
      dialog.close();
    } catch (failure) {
      trouble.textContent = failure.message;
      trouble.hidden = false;
      yes.disabled = false;
    }
    yes.removeAttribute('aria-busy');
  });
  return new Promise(resolve => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      if (before?.isConnected) before.focus();
      resolve(done);
    });
    dialog.showModal();
    (input ?? no).focus();
  });
}
