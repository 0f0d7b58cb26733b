// The messages of http: checks, events and their order, when things go wrong too.
const http=require('http');
const t=(n,f)=>{try{const r=f();console.log(n,r)}catch(e){console.log(n,e.name,e.code,e.message)}};
t('badpath',()=>http.request({path:'/a b'}));
t('proto',()=>http.request('https://x/'));
t('method',()=>http.request({method:'a b'}));
t('method2',()=>http.request({method:5}));
t('host',()=>http.request({host:5}));
t('agent',()=>http.request({agent:5}));
t('hdr',()=>http.request({headers:{'a b':1}}));
t('hdr2',()=>http.request({headers:{'a':'\n'}}));
t('timeout',()=>http.request({timeout:'x'}));
t('METHODS',()=>http.METHODS.length);
t('CODES',()=>Object.keys(http.STATUS_CODES).length);
t('max',()=>http.maxHeaderSize);
t('name',()=>new http.Agent().getName({host:'a',port:1,localAddress:'l',family:4}));
t('vn',()=>http.validateHeaderName('a b'));
t('vv',()=>http.validateHeaderValue('a',undefined));
t('srv',()=>http.createServer('x'));
const s=http.createServer((q,r)=>{
  t('set1',()=>r.setHeader('a b','1'));
  t('set2',()=>r.setHeader('a'));
  t('set3',()=>r.setHeader('a','\u0100'));
  t('set4',()=>r.setHeader('X','1').setHeader('Y',['1','2']) === r);
  t('get',()=>[r.getHeader('x'),r.getHeaders(),r.getHeaderNames(),r.hasHeader('Y'),r.getRawHeaderNames()]);
  t('status',()=>r.writeHead(99));
  t('status2',()=>{r.statusCode=1000;r.writeHead(r.statusCode)});
  r.statusCode=200;
  t('chunk',()=>r.write(5));
  t('null',()=>r.write(null));
  t('sent0',()=>r.headersSent);
  t('w',()=>r.write('x'));
  t('sent',()=>[r.headersSent,r.writableEnded,r.finished]);
  t('setlate',()=>r.setHeader('a','1'));
  t('remlate',()=>r.removeHeader('a'));
  t('headlate',()=>r.writeHead(200));
  r.end('y');t('ended',()=>[r.writableEnded,r.finished]);
  r.on('error',e=>t('late',()=>e.code));r.end('again');
});
s.listen(0,'127.0.0.1',()=>{
  const port=s.address().port;
  http.get({port,host:'127.0.0.1',headers:{A:'1'}},r=>{r.setEncoding('utf8');let b='';r.on('data',d=>b+=d);r.on('end',()=>{console.log(b,r.headers.x,r.headers.y);next(port)})});
});
// What the server saw of a request without an answer, and its end.
const srv=[];let hung,act=()=>{};
function next(port){
  const s2=http.createServer((q,r)=>{
    if(q.url==='/destroy'){q.socket.destroy();return}
    if(q.url==='/half'){r.writeHead(200,{'content-length':10});r.write('abc');setTimeout(()=>q.socket.destroy(),30);return}
    if(q.url==='/hang'){setTimeout(()=>act(),20);q.on('close',()=>{srv.push('srv close',q.aborted);hung()});q.on('aborted',()=>srv.push('srv aborted'));q.on('error',e=>srv.push('srv req err',e.code,e.message));r.on('close',()=>srv.push('srv res close',r.writableEnded));return}
    if(q.url==='/head'){r.setHeader('content-length',5);r.end('hello');return}
    if(q.url==='/204'){r.statusCode=204;r.end('hello');return}
    if(q.url==='/trail'){r.writeHead(200,{Trailer:'X-T'});r.write('a');r.addTrailers({'X-T':'v'});r.end();return}
    if(q.url==='/early'){r.writeEarlyHints({link:'</a>; rel=preload'});r.end('e');return}
    let n=0;q.on('data',d=>n+=d.length).on('end',()=>r.end(JSON.stringify([n,q.headers['content-length'],q.headers['transfer-encoding'],q.headers.expect])));
  }).listen(0,'127.0.0.1',async()=>{
    const port=s2.address().port;
    const go=(opts,f)=>new Promise(done=>{
      const ev=[];const both=opts.path==='/hang'?new Promise(r=>{hung=r}):null;const q=http.request({port,host:'127.0.0.1',...opts},r=>{ev.push('response '+r.statusCode);let b='';r.on('data',d=>b+=d).on('end',()=>ev.push('end '+b+' '+JSON.stringify(r.trailers))).on('aborted',()=>ev.push('aborted')).on('error',e=>ev.push('res error '+e.code+' '+e.message)).on('close',()=>ev.push('res close '+r.complete+' '+r.aborted))});
      q.on('error',e=>ev.push('error '+e.name+' '+e.code+' '+e.message)).on('close',()=>{ev.push('close');setTimeout(()=>Promise.resolve(both).then(()=>done(ev)),50)}).on('abort',()=>ev.push('abort')).on('timeout',()=>{ev.push('timeout');q.destroy()}).on('continue',()=>{ev.push('continue');q.end('body')}).on('information',i=>ev.push('info '+i.statusCode+' '+i.headers.link));
      if(f)f(q);else q.end();
    }).then(ev=>console.log(JSON.stringify(opts),ev,srv.splice(0)));
    await go({path:'/destroy'});
    await go({path:'/half'});
    await go({path:'/hang',timeout:500});
    await go({path:'/hang'},q=>{act=()=>q.abort();q.end()});
    await go({path:'/hang'},q=>{act=()=>q.destroy(new Error('mine'));q.end()});
    const ac=new AbortController();
    await go({path:'/hang',signal:ac.signal},q=>{act=()=>ac.abort();q.end()});
    await go({path:'/head',method:'HEAD'});
    await go({path:'/204'});
    await go({path:'/trail'});
    await go({path:'/early'});
    await go({path:'/p',method:'POST'},q=>{q.end('abc')});
    await go({path:'/p',method:'POST'},q=>{q.write('abc');q.end('def')});
    await go({path:'/p',method:'POST'},q=>{q.end()});
    await go({path:'/p',method:'DELETE'},q=>{q.end()});
    await go({path:'/p',method:'PUT',headers:{'content-length':4}},q=>{q.write('ab');q.end('cd')});
    await go({path:'/p',method:'POST',headers:{expect:'100-continue'}},q=>{q.flushHeaders()});
    await go({path:'/p',method:'POST'},q=>{q.end('abc');q.write('x');});
    s2.closeAllConnections();s2.close(()=>{console.log('closed');exit()});
  });
}
