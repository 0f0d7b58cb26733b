const http = require('http');
const FormData = require('form-data');

const server = http.createServer(async (req, res) => {
  const form = await new Request('http://localhost/', { method: 'POST', headers: req.headers, body: req, duplex: 'half' }).formData();
  res.end(JSON.stringify([form.get('name'), form.get('file').name, await form.get('file').text()]));
});

require('./same.js')(async (same) => {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const form = new FormData();
  form.append('name', 'pump');
  form.append('file', Buffer.from('content'), { filename: 'a.txt' });
  const answer = await new Promise((resolve, reject) => {
    form.submit({ host: '127.0.0.1', port: server.address().port, path: '/' }, (error, res) => {
      if (error) return reject(error);
      let body = '';
      res.on('data', (chunk) => { body += chunk; }).on('end', () => resolve(body));
    });
  });
  same(JSON.parse(answer), ['pump', 'a.txt', 'content']);
  await new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); });
});
