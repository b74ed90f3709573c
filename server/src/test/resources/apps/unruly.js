// An application that misbehaves when it is asked to. Answers carry its VERSION, so that a client sees who answered.
//   /run?script=…   runs a shell script that shares its output, and answers when that ends
//   /silence        closes its standard output and error
//   /eat?mb=n       keeps n MB of memory more
//   /pid            its process id              anything else: its VERSION
// DAEMON=file       starts a process that forks twice, so that init adopts it, and writes its id there
const http = require('node:http');
const fs = require('node:fs');
const { spawn, spawnSync } = require('node:child_process');
const eaten = [];

function answer(request, response) {
  const url = new URL(request.url, 'http://app');
  const respond = (text) => response.end(text ?? process.env.VERSION ?? '');
  switch (url.pathname.split('/').pop()) {
    case 'run':
      return spawn('sh', ['-c', url.searchParams.get('script')], { stdio: ['ignore', 'inherit', 'inherit'] })
        .on('exit', (status) => respond(`ended with ${status}`));
    case 'silence':
      fs.closeSync(1);
      fs.closeSync(2);
      return respond();
    case 'eat':
      for (let i = 0; i < url.searchParams.get('mb'); i++) eaten.push(Buffer.alloc(1 << 20, 1));
      return respond();
    case 'pid':
      return respond(String(process.pid));
    default:
      return respond();
  }
}

if (process.env.DAEMON) {
  const daemon = `(sh -c 'echo $$ > "$DAEMON"; exec sleep 600' &) &`;
  spawnSync('sh', ['-c', daemon], { stdio: ['ignore', 'inherit', 'inherit'] });
}
http.createServer(answer).listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening'));
