// Everything that is asked of the server. Addresses are relative, so that the console works below any path.

const ROOT = new URL('../api/v1/', document.baseURI);
let csrf = '';

/** What the server said in place of an answer; status 0 when it could not be reached. */
export class ApiError extends Error {
  constructor(status, messages, retryAfter = 0, body = {}) {
    super(messages.join('\n'));
    this.status = status;
    this.messages = messages;
    this.retryAfter = retryAfter;
    this.body = body;
  }
}

/** Emits "over" when the session has ended, "away" when the server cannot be reached, "here" when it can. */
export const signals = new EventTarget();

/** The address of a call; parameters without a value are left out. */
export function url(path, parameters = {}) {
  const made = new URL(path, ROOT);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null && value !== '') made.searchParams.set(name, value);
  }
  return made;
}

/** GET: the JSON, or null when there is none (204). */
export const get = (path, parameters) => send('GET', path, parameters);

/** POST: the JSON. */
export const post = (path, parameters, body) => send('POST', path, parameters, body);

/** Who is logged in; fails with 401 when nobody is. */
export async function session() {
  return welcome(await send('GET', 'session', {}, undefined, true));
}

/** Logs in. */
export async function login(user, password) {
  return welcome(await send('POST', 'login', {}, { user, password }, true));
}

/** Logs out. */
export const logout = () => send('POST', 'logout', {}, undefined, true);

function welcome(answer) {
  csrf = answer.csrf ?? '';
  return answer;
}

async function send(method, path, parameters, body, quiet = false) {
  const headers = { Accept: 'application/json' };
  if (method !== 'GET') headers['X-Marina-CSRF'] = csrf;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let answer;
  try {
    answer = await fetch(url(path, parameters), {
      method, headers, body: body === undefined ? undefined : JSON.stringify(body), credentials: 'same-origin', cache: 'no-store',
    });
  } catch {
    signals.dispatchEvent(new Event('away'));
    throw new ApiError(0, ['The server cannot be reached. This page goes on as soon as it answers.']);
  }
  signals.dispatchEvent(new Event('here'));
  return read(answer.status, await answer.text(), Number(answer.headers.get('Retry-After')) || 0, quiet);
}

/** The JSON of an answer, or the failure that it tells. */
function read(status, text, retryAfter, quiet) {
  const json = parse(text);
  if (status === 204) return null;
  if (status >= 200 && status < 300) return json;
  if (status === 401 && !quiet) signals.dispatchEvent(new Event('over'));
  const said = [json?.messages ?? json?.message ?? json?.error ?? []].flat().map(String);
  throw new ApiError(status, said.length > 0 ? said : [usual(status)], retryAfter, json ?? {});
}

function parse(text) {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

function usual(status) {
  return {
    401: 'You are not logged in.',
    403: 'You may not do that: your user has no role for it.',
    404: 'The server knows nothing of that; it may have gone.',
    409: 'That could not be done in the present state.',
    413: 'That is larger than the server takes.',
    429: 'Too many attempts. Wait a while.',
    503: 'The server is busy or stopping. Try again.',
  }[status] ?? `The server answered with status ${status}.`;
}

/** Sends a file with PUT and tells how much of it has gone; the returned object has {done: Promise, abort()}. */
export function upload(path, parameters, file, onprogress) {
  const request = new XMLHttpRequest();
  const done = new Promise((resolve, reject) => {
    request.open('PUT', url(path, parameters));
    request.setRequestHeader('X-Marina-CSRF', csrf);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = event => onprogress(event.loaded, event.total);
    request.onload = () => {
      try {
        resolve(read(request.status, request.responseText, 0, false));
      } catch (failure) {
        reject(failure);
      }
    };
    request.onerror = () => reject(new ApiError(0, ['The upload broke off. The server may have refused it because of its size, or cannot be reached.']));
    request.onabort = () => reject(new ApiError(0, ['The upload was cancelled. Nothing has changed.']));
    request.send(file);
  });
  return { done, abort: () => request.abort() };
}
