// fetch against a server of the same script.
const http=require('http'),zlib=require('zlib');
const server=http.createServer((q,s)=>{
 if(q.url==='/r'){s.writeHead(302,{location:'/x'});return s.end('moved')}
 if(q.url==='/loop'){s.writeHead(302,{location:'/loop'});return s.end()}
 if(q.url==='/other'){s.writeHead(302,{location:'http://localhost:'+server.address().port+'/landed'});return s.end()}
 if(q.url==='/gz'){s.writeHead(200,{'content-encoding':'gzip'});return s.end(zlib.gzipSync('zipped'))}
 if(q.url==='/cut'){s.writeHead(200,{'content-length':100});s.write('abc');return setTimeout(()=>q.socket.destroy(),50)}
 if(q.url==='/hang')return;
 if(q.url==='/kill')return q.socket.destroy();
 let b='';q.on('data',d=>b+=d);q.on('end',()=>{s.setHeader('x-y','y');s.setHeader('set-cookie',['a=1','b=2']);s.end(JSON.stringify({m:q.method,u:q.url,h:q.headers,b}))})
}).listen(0,main);
const t=async(n,f)=>{try{console.log(n,JSON.stringify(await f()).replace(/:\d{4,5}/g,':N'))}catch(e){console.log(n,e.name,e.code,e.message, e.cause&&[e.cause.name,e.cause.code,e.cause.message.replace(/:\d{4,5}/g,':N')])}};
async function main(){const u='http://127.0.0.1:'+server.address().port;
await t('get',async()=>{const r=await fetch(u+'/a?b=1#c',{headers:{'X-Test':'1',authorization:'z'}});return [r.status,r.statusText,r.url,r.headers.get('x-y'),r.headers.getSetCookie(),Object.keys((await r.json()).h).filter(k=>k!=='connection').sort(),r.bodyUsed]})
await t('post',async()=>{const r=await fetch(u+'/p',{method:'POST',body:'hello'});const j=await r.json();return [j.b,j.h['content-type'],j.h['content-length']]})
await t('stream',async()=>{const r=await fetch(u+'/p',{method:'POST',duplex:'half',body:new ReadableStream({start(c){c.enqueue(Buffer.from('ab'));c.enqueue(Buffer.from('cd'));c.close()}})});const j=await r.json();return [j.b,j.h['transfer-encoding']]})
await t('redir',async()=>{const r=await fetch(u+'/r',{method:'POST',body:'x'});return [r.url,r.redirected,(await r.json()).m]})
await t('manual',async()=>{const r=await fetch(u+'/r',{redirect:'manual'});return [r.status,r.headers.get('location'),r.type]})
await t('error',()=>fetch(u+'/r',{redirect:'error'}))
await t('loop',()=>fetch(u+'/loop'))
await t('gz',async()=>(await fetch(u+'/gz')).text())
await t('cut',async()=>(await fetch(u+'/cut')).text())
await t('kill',async()=>(await fetch(u+'/kill')).text())
await t('timeout',async()=>(await fetch(u+'/hang',{signal:AbortSignal.timeout(50)})).text())
await t('refused',async()=>(await fetch('http://127.0.0.1:1024')).text())
await t('nohost',async()=>(await fetch('http://nohost.invalid:8999')).text())
await t('iter',async()=>{let n=0;const r=await fetch(u+'/a');for await(const c of r.body)n+=c.length>0;return n})
await t('clone',async()=>{const r=await fetch(u+'/a');const c=r.clone();return [(await r.text())===(await c.text())]})
await t('form',async()=>{const f=new FormData();f.append('a','1');f.append('f',new Blob(['xyz']),'n.txt');const r=await fetch(u,{method:'PUT',body:f});const j=await r.json();return [j.b.includes('filename="n.txt"'),j.h['content-type'].split(';')[0]]})
await t('params',async()=>{const r=await fetch(u,{method:'POST',body:new URLSearchParams({a:'b c'})});const j=await r.json();return [j.b,j.h['content-type']]})
await t('head',async()=>{const r=await fetch(u,{method:'HEAD'});return [r.status,r.body,await r.text()]})
await t('auth',async()=>{const r=await fetch(u+'/other',{headers:{authorization:'secret',cookie:'a=b'}});const j=await r.json();return [j.u,j.h.authorization,j.h.cookie]})
exit()
}
