// A room on bare WebSockets: every word to everybody at once, encoded once.
'use strict';
const { WebSocketServer } = require('ws');

const members = new Map();

const tell = what => {
  const text = JSON.stringify(what);
  for (const socket of members.keys()) socket.send(text);
};

const leave = socket => {
  const who = members.get(socket);
  if (members.delete(socket)) tell({ type: 'left', who });
};

const hear = {
  join(socket, { who }) {
    const here = [...members.values(), who];
    tell({ type: 'came', who });
    members.set(socket, who);
    socket.send(JSON.stringify({ type: 'here', who: here }));
  },
  leave,
  say(socket, { text }) {
    if (members.has(socket)) tell({ type: 'said', who: members.get(socket), text });
  },
  part(socket) {
    members.delete(socket);
    socket.terminate();
  },
};

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, backlog: 1024, perMessageDeflate: false });
server.on('connection', socket => {
  socket.on('message', data => {
    const said = JSON.parse(data);
    hear[said.type](socket, said);
  });
  socket.on('close', () => leave(socket));
  socket.on('error', error => console.error(String(error)));
});
server.on('listening', () => console.log(`ready http://127.0.0.1:${server.address().port}`));
process.stdin.on('end', () => process.exit(0)).resume();
