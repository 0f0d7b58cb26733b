package ttqm_test

import (
	"encoding/base64"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// prints runs a script that ends by itself and compares what it prints.
func prints(t *testing.T, source, want string, options ...scripttest.Option) *scripttest.Run {
	t.Helper()
	r := scripttest.Start(t, source, options...)
	_, _ = r.Ended()
	if got := r.Console.Text(); got != want {
		t.Errorf("console:\n%s\nwant:\n%s", got, want)
	}
	return r
}

func TestByteUtil(t *testing.T) {
	prints(t, `
		const { ByteUtil } = require('@ttqm/ttqm-support')
		const bytes = [1, 2, 3, 4, 5, 6, 7, 248]
		console.log(ByteUtil.bufferToByteArray(Buffer.from('hi')), ByteUtil.byteArrayToBuffer([1, 255]), ByteUtil.stringToByteArray('é'), ByteUtil.stringToByteArray('ff00', 'hex'))
		console.log(ByteUtil.byteArrayToString([104, 105]), ByteUtil.byteArrayToString([1, 2], 'hex'), ByteUtil.byteArrayToString(Buffer.from('x'), 'base64'), ByteUtil.byteArrayToString(new Uint16Array([104])))
		console.log(JSON.stringify([ByteUtil.byteArrayChunk(bytes, 3), ByteUtil.byteArrayChunk([], 3), ByteUtil.byteArrayChunk(Buffer.from('ab'), 1)]))
		for (const name of ['byteArrayToBigInt64BE', 'byteArrayToBigUInt64BE', 'byteArrayToDoubleBE', 'byteArrayToFloatBE', 'byteArrayToInt16BE', 'byteArrayToInt32BE', 'byteArrayToUInt16BE', 'byteArrayToUInt32BE', 'byteArrayToBigInt64LE', 'byteArrayToBigUInt64LE', 'byteArrayToDoubleLE', 'byteArrayToFloatLE', 'byteArrayToInt16LE', 'byteArrayToInt32LE', 'byteArrayToUInt16LE', 'byteArrayToUInt32LE']) console.log(name.slice(11), ByteUtil[name](bytes))
		console.log(ByteUtil.byteArrayToInt8([255]), ByteUtil.byteArrayToIntBE([255, 254]), ByteUtil.byteArrayToIntLE([1, 0, 128]), ByteUtil.byteArrayToUIntBE([1, 2, 3, 4, 5, 6]), ByteUtil.byteArrayToUIntLE([200]))
		console.log(ByteUtil.byteArraySwap16([1, 2, 3, 4]), ByteUtil.byteArraySwap32(Buffer.from([1, 2, 3, 4])), ByteUtil.byteArraySwap64(bytes).join(), bytes.join())
		for (const f of [() => ByteUtil.byteArraySwap16([1]), () => ByteUtil.byteArrayToInt16BE([1]), () => ByteUtil.byteArrayToIntBE([1, 2, 3, 4, 5, 6, 7]), () => ByteUtil.byteArrayChunk([1], 0), () => ByteUtil.byteArrayToString('text'), () => ByteUtil.byteArrayToBuffer(5)]) try { console.log(f()) } catch (e) { console.log(e.name, e.code) }
		exit()`,
		`[ 104, 105 ] <Buffer 01 ff> [ 195, 169 ] [ 255, 0 ]
hi 0102 eA== h`+"\x00"+`
[[[1,2,3],[4,5,6],[7,248]],[],[[97],[98]]]
BigInt64BE 72623859790383096n
BigUInt64BE 72623859790383096n
DoubleBE 8.207880399132228e-304
FloatBE 2.387939260590663e-38
Int16BE 258
Int32BE 16909060
UInt16BE 258
UInt32BE 16909060
BigInt64LE -574483808854539775n
BigUInt64LE 17872260264855011841n
DoubleLE -1.520399568899133e+270
FloatLE 1.539989614439558e-36
Int16LE 513
Int32LE 67305985
UInt16LE 513
UInt32LE 67305985
-1 -2 -8388607 1108152157446 200
[ 2, 1, 4, 3 ] [ 4, 3, 2, 1 ] 248,7,6,5,4,3,2,1 1,2,3,4,5,6,7,248
RangeError ERR_INVALID_BUFFER_SIZE
RangeError ERR_BUFFER_OUT_OF_BOUNDS
RangeError ERR_OUT_OF_RANGE
RangeError ERR_OUT_OF_RANGE
TypeError ERR_INVALID_ARG_TYPE
TypeError ERR_INVALID_ARG_TYPE`)
}

func TestTopicUtil(t *testing.T) {
	prints(t, `
		const { TopicUtil } = require('@ttqm/ttqm-support')
		const table = [['a/b', 'a/b'], ['a/+', 'a/b'], ['a/+', 'a'], ['a/+', 'a/b/c'], ['a/#', 'a'], ['a/#', 'a/b/c'], ['#', 'a'], ['#', '$SYS/x'], ['+/x', '$SYS/x'], ['$SYS/#', '$SYS/x'], ['a', 'b'], ['+', ''], ['a/b/c', 'a/b'], ['device/+/id/+', 'device/1/id/2'], ['device/+/id/+', 'device/1/sn/2']]
		console.log(table.map(([filter, topic]) => Number(TopicUtil.isSubTopic(filter, topic))).join(''))
		console.log(TopicUtil.parseKeyValueTopic('type/1/id/abc'), TopicUtil.parseKeyValueTopic('a/b/c'), Object.keys(TopicUtil.parseKeyValueTopic('__proto__/x')))
		exit()`,
		"110011100101010\n{ type: '1', id: 'abc' } { a: 'b', c: undefined } [ '__proto__' ]")
}

func TestFilesAndHashes(t *testing.T) {
	r := prints(t, `
		const { FileUtil, EncryptUtil, FileHashType, CommonHelper, UserScriptHelper, ChartHelper } = require('@ttqm/ttqm-support')
		const path = FileUtil.getScriptDataPath('deep/down/a.txt')
		console.log(path === require('path').join(require('mqscript').script.dataDir, 'deep/down/a.txt'), FileUtil.getScriptDataPath() === require('mqscript').script.dataDir, FileUtil.existSync(path))
		FileUtil.createStringFileSync(path, 'test ')
		FileUtil.appendStringFileSync(path, 'content')
		console.log(FileUtil.readStringFileSync(path), FileUtil.existSync(path), FileUtil.isDirSync(path), FileUtil.isDirSync(FileUtil.getScriptDataPath('deep')), FileUtil.isDirSync('none'))
		const tmp = FileUtil.getScriptTmpDataPath('new/folder')
		FileUtil.createDirSync(tmp); FileUtil.createDirSync(tmp)
		console.log(FileUtil.isDirSync(tmp))
		FileUtil.removeSync(FileUtil.getScriptDataPath('deep')); FileUtil.removeSync(FileUtil.getScriptDataPath('deep'))
		console.log(FileUtil.existSync(path))
		for (const f of [() => FileUtil.createStringFileSync('/tmp/x/y', ''), () => FileUtil.createStringFileSync(FileUtil.getScriptDataPath('../x'), ''), () => FileUtil.readStringFileSync('/etc/passwd'), () => FileUtil.readStringFileSync('none'), () => FileUtil.createDirSync('../x'), () => ChartHelper.setOption({})]) try { console.log(f()) } catch (e) { console.log(e.code) }
		console.log(EncryptUtil.getHash('1', 'sha1'), EncryptUtil.getHash('1'), EncryptUtil.getHash('é', 'md5'))
		FileUtil.createStringFileSync('a.txt', 'test content')
		;(async () => {
			for (const name of [undefined, FileHashType.MD5, FileHashType.SHA1, FileHashType.SHA256, FileHashType.SHA512]) console.log((await FileUtil.getFileHash('a.txt', name)).slice(0, 40))
			await FileUtil.getFileHash('none').catch((e) => console.log(e.code))
			await UserScriptHelper.publish('device/1', '{}', { qos: 1 })
			CommonHelper.exit()
			console.log('not reached')
		})()`,
		`true true false
test content true false true false
true
false
ERR_ACCESS_DENIED
ERR_ACCESS_DENIED
ERR_ACCESS_DENIED
ENOENT
ERR_ACCESS_DENIED
ERR_NOT_IMPLEMENTED
356a192b7913b04c54574d18c28d46e6395428ab 356a192b7913b04c54574d18c28d46e6395428ab 66ddcd97cfdeabb2f6fb8a999b4bc76f
1eebdf4fdc9fc7bf283031b93f9aef3338de9052
9473fdd0d880a43c21b7778d34872157
1eebdf4fdc9fc7bf283031b93f9aef3338de9052
6ae8a75555209fd6c44157c0aed8016e763ff435
0cbf4caef38047bba9a24e621a961484e5d2a921
ENOENT`)
	if sent := r.Host.Published(); len(sent) != 1 || sent[0].Packet.Topic != "device/1" || sent[0].Packet.QoS != 1 {
		t.Errorf("published: %v", sent)
	}
}

func TestTimeUtil(t *testing.T) {
	t.Setenv("TZ", "UTC")
	prints(t, `
		const { TimeUtil } = require('@ttqm/ttqm-support')
		const at = TimeUtil.getUnixSecondFromFormatDate
		console.log(at('2023-01-01 12:34:56Z'), at('2023-01-01T12:34:56.789+08:00'), at('2023-02-30'), at('nonsense'), at('2024-02-29 24:00:00Z'))
		const near = (a, b) => Math.abs(a - b) < 60
		console.log(near(TimeUtil.getCurrentUnixSecond(), Date.now() / 1000), Math.abs(TimeUtil.getCurrentUnixMillisecond() - Date.now()) < 60000, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/.test(TimeUtil.getFormatDateFromUnixSecond()))
		console.log(at(TimeUtil.getFormatDateFromUnixMillisecond('YYYY-MM-DD HH:mm:ss', 1700000000123)), at(TimeUtil.getFormatDateFromUnixSecond(undefined, 1700000000)), TimeUtil.getFormatDateFromUnixSecond('[at] X x', 5), TimeUtil.getFormatDateFromUnixMillisecond('YYYY', NaN))
		TimeUtil.sleep(1).then((v) => { console.log('slept', v); exit() })`,
		`1672576496 1672547696 NaN NaN 1709251200
true true true
1700000000 1700000000 at 5 5000 Invalid date
slept undefined`)
}

// openssl runs the command; without it the test is skipped, unless
// MQSCRIPT_REQUIRE lists "openssl".
func openssl(t *testing.T, args ...string) []byte {
	t.Helper()
	path, err := exec.LookPath("openssl")
	if err != nil {
		if slices.Contains(strings.Split(os.Getenv("MQSCRIPT_REQUIRE"), ","), "openssl") {
			t.Fatal(err)
		}
		t.Skip("openssl is not installed")
	}
	cmd := exec.CommandContext(t.Context(), path, args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("openssl %v: %v", args, err)
	}
	return out
}

// TestCertUtil has OpenSSL read what is encrypted here, and the other way.
func TestCertUtil(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	openssl(t, "genrsa", "-out", at("key.pem"), "2048")
	openssl(t, "req", "-x509", "-key", at("key.pem"), "-out", at("cert.pem"), "-subj", "/CN=test", "-days", "1000")
	openssl(t, "rsa", "-in", at("key.pem"), "-pubout", "-out", at("public.pem"))
	text := strings.Repeat("Grüße, 世界! ", 30)
	write := func(name string, data []byte) {
		if err := os.WriteFile(at(name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("short", []byte("secret ü"))
	sealed := openssl(t, "pkeyutl", "-encrypt", "-pubin", "-inkey", at("public.pem"), "-pkeyopt", "rsa_padding_mode:oaep", "-in", at("short"))
	signed := openssl(t, "pkeyutl", "-sign", "-inkey", at("key.pem"), "-in", at("short"))
	in := func(o *script.Options) {
		o.Env = map[string]string{"TEXT": text, "SEALED": base64.StdEncoding.EncodeToString(sealed), "SIGNED": base64.StdEncoding.EncodeToString(signed)}
		for _, name := range []string{"key", "cert", "public"} {
			pem, err := os.ReadFile(at(name + ".pem"))
			if err != nil {
				t.Fatal(err)
			}
			o.Env[name] = string(pem)
		}
	}
	out := scripttest.Output(t, `
		const { CertUtil } = require('@ttqm/ttqm-support')
		const { key, cert, public: pub, TEXT, SEALED, SIGNED } = process.env
		console.log(CertUtil.getCertEncryptMaxChunkSize(cert), CertUtil.getPublicKeyEncryptMaxChunkSize(pub), CertUtil.getPrivateKeyEncryptMaxChunkSize(key), CertUtil.getCertEncryptContentSize(cert), CertUtil.getPublicKeyEncryptContentSize(pub), CertUtil.getPrivateKeyEncryptContentSize(key))
		console.log(CertUtil.privateKeyDecrypt(key, SEALED, 256), CertUtil.publicKeyDecrypt(pub, SIGNED, 256), CertUtil.certDecrypt(cert, SIGNED, 256))
		console.log(CertUtil.privateKeyDecrypt(key, CertUtil.certEncrypt(cert, TEXT, 100), 256) === TEXT, CertUtil.privateKeyDecrypt(key, CertUtil.publicKeyEncrypt(pub, TEXT, 214), 512) === TEXT, CertUtil.certDecrypt(cert, CertUtil.privateKeyEncrypt(key, TEXT, 245), 256) === TEXT, CertUtil.publicKeyDecrypt(pub, CertUtil.privateKeyEncrypt(key, TEXT, 1), 256) === TEXT)
		for (const f of [() => CertUtil.certEncrypt(cert, 'x', 215), () => CertUtil.privateKeyEncrypt(key, 'x', 246), () => CertUtil.publicKeyEncrypt(pub, 'x', 0), () => CertUtil.publicKeyEncrypt('nonsense', 'x', 1), () => CertUtil.privateKeyDecrypt(key, 'AAAA', 256)]) try { console.log(f()) } catch (e) { console.log(e.name, e.code) }
		console.log(CertUtil.certEncrypt(cert, 'for openssl', 100)); console.log(CertUtil.privateKeyEncrypt(key, 'for openssl', 100))
		exit()`, in)
	lines := strings.Split(out, "\n")
	if len(lines) != 10 {
		t.Fatal(out)
	}
	want := `214 214 245 256 256 256
secret ü secret ü secret ü
true true true true
RangeError ERR_OUT_OF_RANGE
RangeError ERR_OUT_OF_RANGE
RangeError ERR_OUT_OF_RANGE
Error ERR_OSSL_UNSUPPORTED
Error ERR_OSSL_RSA_OAEP_DECODING_ERROR`
	if got := strings.Join(lines[:8], "\n"); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	for i, args := range [][]string{
		{"pkeyutl", "-decrypt", "-inkey", at("key.pem"), "-pkeyopt", "rsa_padding_mode:oaep", "-in", at("sealed")},
		{"pkeyutl", "-verifyrecover", "-pubin", "-inkey", at("public.pem"), "-in", at("sealed")},
	} {
		data, err := base64.StdEncoding.DecodeString(lines[8+i])
		if err != nil {
			t.Fatal(err)
		}
		write("sealed", data)
		if got := openssl(t, args...); string(got) != "for openssl" {
			t.Errorf("openssl reads %q", got)
		}
	}
}
