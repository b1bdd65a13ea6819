// platforms: node; a server.
const express = require('express');
const http = require('http');

const app = express().get('/', (_request, response) => response.send('hi'));
const server = http.createServer(app).listen(0, '127.0.0.1', async () => {
    const response = await fetch(`http://127.0.0.1:${server.address().port}/`);
    console.log(response.status, response.headers.get('x-powered-by'), await response.text());
    server.close();
    server.closeAllConnections();
});
