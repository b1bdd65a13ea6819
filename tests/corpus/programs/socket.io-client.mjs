import { io, Manager, protocol } from 'socket.io-client';
import { encodePacket, decodePayload } from 'engine.io-parser';

const socket = io('http://127.0.0.1:1', { autoConnect: false, reconnection: false, transports: ['polling'] });
socket.on('connect_error', (error) => { console.log(error.type, error.message); socket.close(); });
socket.connect();
console.log(protocol, socket.io instanceof Manager, socket.connected);
encodePacket({ type: 'message', data: 'x' }, true, (encoded) => console.log(encoded));
console.log(decodePayload('4a\x1e4b').map((packet) => packet.data));
