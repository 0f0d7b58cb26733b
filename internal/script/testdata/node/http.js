// A server and a client of http that keeps its connection.
const http=require('http');
const log=(...a)=>console.log(...a);
const served=[], note=(...a)=>served.push(a.join(' ')); // what each side sees is told apart
const agent=new http.Agent({keepAlive:true});
const server=http.createServer((req,res)=>{
  note('srv',req.method,req.url,req.httpVersion,req.headers.host!==undefined,req.rawHeaders.length>0,typeof req.socket.remotePort,req.socket.remoteAddress);
  req.on('close',()=>note('req close')); res.on('close',()=>note('res close',res.writableFinished)); res.on('finish',()=>note('res finish'));
  let b='';req.setEncoding('utf8');req.on('data',d=>b+=d).on('end',()=>{
    note('body',b,req.complete);
    res.setHeader('X-A','1');res.writeHead(201,{'Content-Type':'text/plain'});res.write('one ');res.end('two')});
});
server.listen(0,'127.0.0.1',()=>{
 const {port}=server.address();
 log(typeof port, server.listening);
 const req=http.request({port,host:'127.0.0.1',path:'/p?q',method:'POST',agent,headers:{'X-B':'é'}},res=>{
   log(res.statusCode,res.statusMessage,res.headers['x-a'],res.headers['transfer-encoding'],res.headers.connection,res.headers['keep-alive']);
   let t='';res.on('data',d=>t+=d).on('end',()=>{log('got',t,res.complete)}).on('close',()=>{log('res closed');
     http.get({port,host:'127.0.0.1',agent},r2=>{log('second',r2.statusCode,r2.req.reusedSocket);r2.resume();r2.on('end',()=>{server.close(()=>{log('server closed',served);
       http.get({port,host:'127.0.0.1'}).on('error',e=>{log(e.code,e.syscall,e.address,e.message.replace(port,'N'));setTimeout(()=>exit(),20)}).on('close',()=>log('closed'))});})})
   });
 });
 req.on('close',()=>log('req closed'));
 req.write('abc');req.end('def');
});
