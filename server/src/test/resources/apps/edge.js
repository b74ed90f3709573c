// Redirects to what stands in the query; greets WebSockets and closes them.
const http = require('node:http');
const { createHash } = require('node:crypto');
const server = http.createServer((request, response) => {
  const to = request.url.slice(request.url.indexOf('?') + 1);
  response.writeHead(302, { Location: to }).end();
});
server.on('upgrade', (request, socket) => {
  const accept = createHash('sha1')
    .update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11')
    .digest('base64');
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
  const words = Buffer.from(`hello of ${request.url}`);
  socket.write(Buffer.concat([Buffer.from([0x81, words.length]), words]));
  socket.end(Buffer.from([0x88, 0x02, 0x03, 0xe8]));
});
server.listen(Number(process.env.PORT), '127.0.0.1');
