// What a script meets that is not trusted: without a flag for it there is no
// network, no environment and no file but its own. MQTT works as always.
//
//   $ mqscript run --sandbox strict examples/guarded.js
//   http://127.0.0.1:9/: ERR_ACCESS_DENIED
//     connecting to 127.0.0.1:9 is denied; --allow-net=127.0.0.1:9 allows it
//   /etc/hosts: ERR_ACCESS_DENIED
//   HOME: undefined
//   own data folder: kept
//   published
//   (exit code 0)
//
// On a broker of your own:
//   mqscript run --sandbox strict --url mqtt://HOST examples/guarded.js
//
// The flags --allow-net=127.0.0.1:9 and --allow-env=HOME would give it these two
// and no more.

const fs = require('fs');
const http = require('http');

http.get('http://127.0.0.1:9/').on('error', async (error) => {
  console.log(`http://127.0.0.1:9/: ${error.code}`);
  console.log(`  ${error.message}`);

  await fs.promises.readFile('/etc/hosts').catch((error) => {
    console.log(`/etc/hosts: ${error.code}`);
  });

  console.log(`HOME: ${process.env.HOME}`);

  fs.writeFileSync('note.txt', 'kept');
  console.log(`own data folder: ${fs.readFileSync('note.txt', 'utf8')}`);

  await publish('guarded', 'still here', { qos: 1 });
  console.log('published');
  exit();
});
