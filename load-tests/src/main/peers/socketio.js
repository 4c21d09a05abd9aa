// A room of Socket.IO, over WebSockets only.
'use strict';
const http = require('node:http');
const { Server } = require('socket.io');

const ROOM = 'room';
const members = new Map();

const leave = socket => {
  const who = members.get(socket);
  if (!members.delete(socket)) return;
  socket.leave(ROOM);
  io.to(ROOM).emit('left', { who });
};

const server = http.createServer();
const io = new Server(server, { transports: ['websocket'], perMessageDeflate: false, serveClient: false });
io.on('connection', socket => {
  socket.on('join', who => {
    io.to(ROOM).emit('came', { who });
    members.set(socket, who);
    socket.join(ROOM);
    socket.emit('here', { who: [...members.values()] });
  });
  socket.on('leave', () => leave(socket));
  socket.on('say', text => {
    if (members.has(socket)) io.to(ROOM).emit('said', { who: members.get(socket), text });
  });
  socket.on('part', () => {
    members.delete(socket);
    socket.disconnect(true);
  });
  socket.on('disconnect', () => leave(socket));
});
server.listen(0, '127.0.0.1', 1024, () => console.log(`ready http://127.0.0.1:${server.address().port}`));
process.stdin.on('end', () => process.exit(0)).resume();
