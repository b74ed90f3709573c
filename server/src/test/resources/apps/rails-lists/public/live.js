// Keeps a page as its list is: subscribes to the streams that the page names, and lets Turbo carry out what comes.
import { renderStreamMessage } from "./turbo.js";

const path = document.querySelector('meta[name="action-cable-url"]').content;
const streams = [...document.querySelectorAll("[data-streams]")].flatMap((element) => element.dataset.streams.split(","));

function connect() {
  const socket = new WebSocket(new URL(path, location.href).href.replace(/^http/, "ws"));
  const send = (message) => socket.send(JSON.stringify(message));
  socket.onopen = () => streams.forEach((stream) => send({ type: "subscribe", stream }));
  socket.onmessage = (event) => {
    const message = JSON.parse(event.data);
    if (message.type === "ping") send({ type: "pong" });
    if (message.type === "message") renderStreamMessage(message.data);
    if (message.type === "subscribed") document.documentElement.dataset.live = message.stream;
  };
  socket.onclose = () => {
    delete document.documentElement.dataset.live;
    setTimeout(whenShown, 1000, connect);
  };
}

// A page that nobody looks at stays away until somebody does: it would wake a machine that sleeps.
function whenShown(action) {
  if (!document.hidden) return action();
  document.addEventListener("visibilitychange", () => whenShown(action), { once: true });
}

if (path) connect();
