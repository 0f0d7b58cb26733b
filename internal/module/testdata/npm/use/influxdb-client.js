const http = require('http');
const { InfluxDB, Point, flux } = require('@influxdata/influxdb-client');

const asked = [];
const server = http.createServer(async (req, res) => {
  let body = '';
  for await (const chunk of req) body += chunk;
  asked.push([req.method, req.url, req.headers.authorization, body]);
  if (req.url.startsWith('/api/v2/write')) {
    res.statusCode = 204;
    res.end();
    return;
  }
  res.setHeader('Content-Type', 'text/csv');
  res.end('#datatype,string,long,double,string\n#group,false,false,false,true\n#default,_result,,,\n,result,table,_value,room\n,,0,21.5,hall\n,,0,22,hall\n');
});

require('./same.js')(async (same) => {
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const influx = new InfluxDB({ url: `http://127.0.0.1:${server.address().port}`, token: 'secret' });
  const writer = influx.getWriteApi('org', 'bucket', 'ms', { flushInterval: 0 });
  writer.useDefaultTags({ house: 'a b' });
  writer.writePoint(new Point('climate').tag('room', 'hall').floatField('t', 21.5).intField('n', 5).stringField('text', 'say "hi"').booleanField('on', true).timestamp(1700000000000));
  await writer.close();
  same(asked[0], ['POST', '/api/v2/write?org=org&bucket=bucket&precision=ms', 'Token secret',
    'climate,house=a\\ b,room=hall n=5i,on=T,t=21.5,text="say \\"hi\\"" 1700000000000']);
  const rows = await influx.getQueryApi('org').collectRows(flux`from(bucket: ${'b'}) |> range(start: -1h)`);
  same(rows.map((row) => [row.room, row._value]), [['hall', 21.5], ['hall', 22]]);
  same(JSON.parse(asked[1][3]).query, 'from(bucket: "b") |> range(start: -1h)');
  server.closeAllConnections();
  await new Promise((resolve) => { server.close(resolve); });
});
