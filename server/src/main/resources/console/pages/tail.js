// Following a log: a stream of lines, and asking every few seconds where streams do not come through.
import { get, signals, url } from '../api.js';
import { live } from '../live.js';

const POLL_EVERY = 3000;
const MOST = 2000;

/**
 * Calls `take` with each new line and `trouble` once when the log cannot be followed: {close()}. `end` is where the lines that are
 * known already end; without it only what comes from now on is new.
 */
export function follow(parameters, take, trouble, end) {
  let closed = false;
  let source = null;
  let asking = false;
  const open = () => {
    source = new EventSource(url('logs/stream', { ...parameters, from: end }));
    source.addEventListener('line', event => {
      if (event.lastEventId) end = Number(event.lastEventId);
      take(JSON.parse(event.data));
    });
  };
  const shut = () => {
    source?.close();
    source = null;
  };
  const ask = async () => {
    asking = true;
    const known = end;
    try {
      const answer = await get('logs', { ...parameters, lines: known === undefined ? 1 : MOST, from: known });
      if (!closed && end === known) { // else the stream has gone on meanwhile
        if (known !== undefined) answer.lines.forEach(take);
        end = answer.end;
      }
    } catch (failure) {
      if (failure.status === 401) signals.dispatchEvent(new Event('over'));
      else if (failure.status !== 0 && !closed) {
        close();
        trouble(failure.message);
      }
    }
    asking = false;
  };
  // The events of the server and these lines come through, or do not, for the same reasons.
  const watch = async () => {
    if (closed || asking || document.hidden) return;
    if (source?.readyState === EventSource.OPEN && live.link !== 'polling') return;
    if (live.link === 'live' && source?.readyState !== EventSource.CLOSED) {
      if (!source) open();
      return;
    }
    shut();
    await ask();
  };
  open();
  if (end === undefined) ask(); // now, so that no line is lost when the stream turns out not to come through
  const timer = setInterval(watch, POLL_EVERY);
  const close = () => {
    closed = true;
    clearInterval(timer);
    shut();
  };
  return { close };
}
