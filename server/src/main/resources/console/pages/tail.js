// Following a log.
import { signals, session, url } from '../api.js';

/** Calls `take` with each new line and `trouble` once when the stream cannot be opened: {close()}. */
export function follow(parameters, take, trouble) {
  const source = new EventSource(url('logs/stream', parameters));
  source.addEventListener('line', event => take(JSON.parse(event.data)));
  source.onerror = async () => {
    if (source.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
    try {
      await session();
      trouble('The log cannot be followed. Ask for it again in a moment.');
    } catch (failure) {
      if (failure.status === 401) signals.dispatchEvent(new Event('over'));
    }
  };
  return { close: () => source.close() };
}
