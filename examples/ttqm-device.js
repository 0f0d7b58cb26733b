// A device in TTQM's way: it answers commands, keeps the last one in its data
// folder and signs its answers with a hash.
//
//   $ mqscript run examples/ttqm-device.js
//   device 7 is online
//   $ mqscript pub -t device/7/command/on -m 'light'
//   on: light, hash dfccc06f
//   $ mqscript pub -t device/8/command/on -m 'for another'
//   $ mqscript pub -t device/7/command/repeat -n
//   again: on light
//   ^C
//   (exit code 0)
//
// On a broker of your own:
//   mqscript run --url mqtt://HOST -t device/# examples/ttqm-device.js

const { ByteUtil, EncryptUtil, FileUtil, TopicUtil, UserScriptHelper } = require('@ttqm/ttqm-support');

const DEVICE = '7';
const last = FileUtil.getScriptDataPath('last.json');

module.exports = {
  onConnect: () => {
    UserScriptHelper.publish(`device/${DEVICE}/state`, 'online', { retain: true });
    console.log(`device ${DEVICE} is online`);
  },
  onMessage: (topic, payload) => {
    if (!TopicUtil.isSubTopic(`device/${DEVICE}/command/+`, topic)) return;
    const { command } = TopicUtil.parseKeyValueTopic(topic);
    if (command === 'repeat') {
      if (FileUtil.existSync(last)) console.log('again:', ...JSON.parse(FileUtil.readStringFileSync(last)));
      return;
    }
    const text = ByteUtil.byteArrayToString(payload);
    FileUtil.createStringFileSync(last, JSON.stringify([command, text]));
    const hash = EncryptUtil.getHash(text, 'sha1').slice(0, 8);
    UserScriptHelper.publish(`device/${DEVICE}/answer`, hash);
    console.log(`${command}: ${text}, hash ${hash}`);
  },
};
