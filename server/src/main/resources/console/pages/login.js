// The form of the login, and what to do when nobody can log in yet.
import { login } from '../api.js';
import { el } from '../dom.js';
import { span } from '../format.js';

/** Shows the form; `enter` is called with the session. */
export function loginPage(main, messages, enter) {
  const said = el('p', { className: 'said', role: 'status', textContent: messages.join(' '), hidden: messages.length === 0 });
  const trouble = el('p', { className: 'trouble', role: 'alert', hidden: true });
  const user = el('input', { id: 'user', name: 'user', autocomplete: 'username', required: true, 'autocapitalize': 'none', spellcheck: false });
  const password = el('input', { id: 'password', name: 'password', type: 'password', autocomplete: 'current-password', required: true });
  const go = el('button', { type: 'submit', className: 'primary', textContent: 'Log in' });
  const form = el('form', { className: 'card login' },
    el('div', { className: 'login-head' }, el('img', { src: 'icon.svg', alt: '', width: 40, height: 40 }), el('h1', { textContent: 'Marina' })),
    said,
    el('div', { className: 'field' }, el('label', { for: 'user', textContent: 'User' }), user),
    el('div', { className: 'field' }, el('label', { for: 'password', textContent: 'Password' }), password),
    trouble, go,
    el('p', { className: 'hint' }, 'Users are made with ', el('code', { textContent: 'marina.sh htpasswd' }), '; they need the role ', el('code', { textContent: 'manager' }), '.'));
  form.addEventListener('submit', async event => {
    event.preventDefault();
    go.disabled = true;
    trouble.hidden = true;
    try {
      enter(await login(user.value, password.value));
    } catch (failure) {
      trouble.textContent = reason(failure);
      trouble.hidden = false;
      password.value = '';
      password.focus();
    }
    go.disabled = false;
  });
  main.replaceChildren(form);
  user.focus();
}

function reason(failure) {
  if (failure.status === 429) {
    const wait = failure.retryAfter > 0 ? ` for ${span(failure.retryAfter * 1000)}` : ' for a while';
    return `Too many wrong passwords: logging in is locked${wait}.`;
  }
  if (failure.status === 401) return 'User or password is wrong.';
  return failure.message;
}
