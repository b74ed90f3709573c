// An application that talks: WebSocket echo by hand (RFC 6455), server-sent events, and lines of output.
//   /ws      echoes text and binary messages, takes the subprotocol "echo", sends the close code back
//   /events  three events, each when the one before was asked for with POST /next
//   /print   prints ?lines=n lines, the last without its end
//   /child   starts a process of its own and answers with its id
// At SIGTERM it says goodbye, again without the end of the line.
const http = require('node:http');
const { createHash } = require('node:crypto');
const { spawn } = require('node:child_process');
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const waiting = [];

function answer(request, response) {
  const url = new URL(request.url, 'http://app');
  switch (url.pathname.split('/').pop()) {
    case 'events':
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      return event(response, 1);
    case 'next':
      waiting.shift()?.();
      return response.end();
    case 'print':
      for (let i = 1; i < url.searchParams.get('lines'); i++) console.log(`line ${i}`);
      process.stdout.write(`line ${url.searchParams.get('lines')}`);
      return response.end();
    case 'child':
      return response.end(String(spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']).pid));
    default:
      return response.end(`chat ${process.pid}`);
  }
}

function event(response, number) {
  response.write(`data: ${number}\n\n`);
  waiting.push(() => (number < 3 ? event(response, number + 1) : response.end()));
}

function upgrade(request, socket) {
  const accept = createHash('sha1').update(request.headers['sec-websocket-key'] + GUID).digest('base64');
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(/,\s*/);
  socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
    + `Sec-WebSocket-Accept: ${accept}\r\n`
    + (offered.includes('echo') ? 'Sec-WebSocket-Protocol: echo\r\n' : '') + '\r\n');
  let received = Buffer.alloc(0);
  socket.on('data', (bytes) => {
    received = Buffer.concat([received, bytes]);
    for (let frame = take(); frame; frame = take()) {
      socket.write(Buffer.concat([header(frame), frame.payload]));
      if (frame.opcode === 8) socket.end();
    }
  });
  socket.on('error', () => {});

  function take() { // one whole masked frame, or nothing yet
    if (received.length < 6) return null;
    let length = received[1] & 127;
    const extended = length === 126 ? 2 : length === 127 ? 8 : 0;
    if (received.length < 6 + extended) return null;
    if (extended === 2) length = received.readUInt16BE(2);
    if (extended === 8) length = Number(received.readBigUInt64BE(2));
    const start = 6 + extended;
    if (received.length < start + length) return null;
    const mask = received.subarray(start - 4, start);
    const payload = received.subarray(start, start + length).map((byte, i) => byte ^ mask[i % 4]);
    const frame = { fin: received[0] & 128, opcode: received[0] & 15, payload };
    received = received.subarray(start + length);
    return frame;
  }
}

function header({ fin, opcode, payload }) {
  const first = fin | opcode;
  if (payload.length < 126) return Buffer.from([first, payload.length]);
  const long = payload.length > 65535;
  const bytes = Buffer.from([first, long ? 127 : 126, ...Array(long ? 8 : 2).fill(0)]);
  if (long) bytes.writeBigUInt64BE(BigInt(payload.length), 2);
  else bytes.writeUInt16BE(payload.length, 2);
  return bytes;
}

process.on('SIGTERM', () => process.stdout.write('goodbye', () => process.exit(0)));
const server = http.createServer(answer);
server.on('upgrade', upgrade);
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening'));
