package script_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alicebob/miniredis/v2"

	"github.com/mqscript/mqscript/internal/script"
	"github.com/mqscript/mqscript/internal/script/scripttest"
	"github.com/mqscript/mqscript/internal/store"
)

// dataIn gives a script a data folder that others have had.
func dataIn(dir string) scripttest.Option {
	return func(o *script.Options) { o.DataDir = dir }
}

// onServer gives it a Redis server.
func onServer(m *miniredis.Miniredis) scripttest.Option {
	return func(o *script.Options) { o.Store = store.Config{URL: "redis://" + m.Addr()} }
}

// roundTrips are values that come back as they were.
const roundTrips = `[
	null, true, false, 0, -0, 1.5, 1e21, NaN, Infinity, -Infinity, 5e-324, 12345678901234567890n, -1n,
	'', 'text', 'ä€😀', '\u0000\n"', '\ud800 alone', '{"$date":5}',
	[], {}, [1, ['a', [null]]], { a: { b: [{ c: 1 }] }, '': 2, $: 3, length: 4 },
	{ $date: 5 }, { $plain: { $date: 5 } }, { $bytes: 'AA==', other: 1 }, [{ $number: 'NaN' }], JSON.parse('{"__proto__": {"x": 1}}'),
	Buffer.from([0, 1, 254, 255]), Buffer.alloc(0), { deep: [Buffer.from('x'), new Date(5)] },
	new Date(0), new Date(1700000000123), new Date(NaN), new Date(-8.64e15),
]`

func TestStoreKeepsValues(t *testing.T) {
	for name, where := range map[string]scripttest.Option{"file": dataIn(filepath.Join(t.TempDir(), "data", "s")), "redis": onServer(miniredis.RunT(t))} {
		t.Run(name, func(t *testing.T) {
			got := scripttest.Output(t, `
				const { store } = require('mqscript')
				;(async () => {
					const values = `+roundTrips+`
					for (let i = 0; i < values.length; i++) console.log(await store.set('v' + i, values[i]))
					exit()
				})()`, where)
			if want := strings.TrimSuffix(strings.Repeat("undefined\n", strings.Count(got, "\n")+1), "\n"); got != want {
				t.Fatalf("set:\n%s", got)
			}
			got = scripttest.Output(t, `
				const { store } = require('mqscript')
				const { isDeepStrictEqual, inspect } = require('util')
				;(async () => {
					const values = `+roundTrips+`
					console.log((await store.keys('v')).length === values.length)
					for (let i = 0; i < values.length; i++) {
						const got = await store.get('v' + i)
						try {
							require('assert').deepStrictEqual(got, values[i])
						} catch {
							console.log('not', inspect(values[i]), 'but', inspect(got))
						}
					}
					exit()
				})()`, where)
			if got != "true" {
				t.Error(got)
			}
		})
	}
}

func TestStoreOperations(t *testing.T) {
	for name, where := range map[string]scripttest.Option{"file": dataIn(filepath.Join(t.TempDir(), "data", "s")), "redis": onServer(miniredis.RunT(t))} {
		t.Run(name, func(t *testing.T) {
			got := scripttest.Output(t, `
				const { store } = require('mqscript')
				;(async () => {
					console.log(await store.get('none'), await store.delete('none'), await store.keys())
					console.log(await Promise.all([store.increment('n'), store.increment('n', 2.5), store.increment('n', -1), store.get('n')]))
					await store.set('b:1', { x: 1, left: undefined }); await store.set('b:2', 0)
					console.log(await store.get('b:1'), await store.keys('b:'), await store.keys(), await store.delete('n'))
					await store.set('short', 1, { ttl: 20 })
					while (await store.get('short') !== undefined) `+timePasses(name)+`
					console.log('gone', await store.keys('s'))
					exit()
				})()`, where, func(o *script.Options) { o.Name = "s" })
			want := `undefined false []
[ 1, 3.5, 2.5, 2.5 ]
{ x: 1 } [ 'b:1', 'b:2' ] [ 'b:1', 'b:2', 'n' ] true
gone []`
			if got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

// timePasses is a statement. The imitation of Redis has no clock.
func timePasses(name string) string {
	if name == "redis" {
		return "await store.delete('short')"
	}
	return "await new Promise((done) => setTimeout(done, 1))"
}

func TestStoreRefuses(t *testing.T) {
	got := scripttest.Output(t, `
		const { store } = require('mqscript')
		class Car {}
		const circle = { a: [] }; circle.a.push(circle)
		let deep = []; for (let i = 0; i < 600; i++) deep = [deep]
		const calls = [
			() => store.get(), () => store.get(5), () => store.get(''), () => store.get('k'.repeat(1025)), () => store.get('€'.repeat(342)),
			() => store.get('\ud800'), () => store.keys(null), () => store.delete({}),
			() => store.set('k'), () => store.set('k', undefined), () => store.set('k', () => 1), () => store.set('k', Symbol('s')),
			() => store.set('k', { list: [1, undefined] }), () => store.set('k', { at: new Map() }), () => store.set('k', [new Car()]),
			() => store.set('k', circle), () => store.set('k', deep), () => store.set('k', 'x'.repeat(4194303)),
			() => store.set('k', 1, 5), () => store.set('k', 1, { ttl: 0 }), () => store.set('k', 1, { ttl: '5' }), () => store.set('k', 1, { ttl: 1.5 }),
			() => store.increment('k', '1'), () => store.increment('k', NaN),
		]
		;(async () => {
			for (const call of calls) await call().then(() => console.log('taken:', String(call)), (e) => console.log(e.name, e.code, e.message))
			await store.set('k', 'text')
			await store.increment('k').catch((e) => console.log(e.name, e.code, e.message))
			await store.set('k', 'x'.repeat(4194302))
			console.log((await store.get('k')).length)
			exit()
		})()`)
	want := `TypeError ERR_INVALID_ARG_TYPE The "key" argument must be of type string. Received undefined
TypeError ERR_INVALID_ARG_TYPE The "key" argument must be of type string. Received type number (5)
TypeError ERR_INVALID_ARG_VALUE The argument 'key' must not be empty
RangeError ERR_OUT_OF_RANGE The argument 'key' may have 1024 bytes at most. It has 1025
RangeError ERR_OUT_OF_RANGE The argument 'key' may have 1024 bytes at most. It has 1026
TypeError ERR_INVALID_ARG_VALUE The argument 'key' must be well-formed text
TypeError ERR_INVALID_ARG_TYPE The "prefix" argument must be of type string. Received null
TypeError ERR_INVALID_ARG_TYPE The "key" argument must be of type string. Received an instance of Object
TypeError ERR_INVALID_ARG_VALUE value is undefined, which the store cannot keep
TypeError ERR_INVALID_ARG_VALUE value is undefined, which the store cannot keep
TypeError ERR_INVALID_ARG_VALUE value is a function, which the store cannot keep
TypeError ERR_INVALID_ARG_VALUE value is a symbol, which the store cannot keep
TypeError ERR_INVALID_ARG_VALUE value.list[1] is undefined, which the store cannot keep
TypeError ERR_INVALID_ARG_VALUE value.at is an object of the class Map, which the store cannot keep
TypeError ERR_INVALID_ARG_VALUE value[0] is an object of the class Car, which the store cannot keep
TypeError ERR_INVALID_ARG_VALUE value.a[0] is a part of itself, which the store cannot keep
TypeError ERR_INVALID_ARG_VALUE value is more than 500 levels deep, which the store cannot keep
RangeError ERR_OUT_OF_RANGE The value of "value" is out of range. It must be no larger than 4194304 bytes as JSON. Received 4194305
TypeError ERR_INVALID_ARG_TYPE The "options" argument must be of type object. Received type number (5)
RangeError ERR_OUT_OF_RANGE The value of "options.ttl" is out of range. It must be >= 1 && <= 1000000000000. Received 0
TypeError ERR_INVALID_ARG_TYPE The "options.ttl" property must be of type number. Received type string ('5')
RangeError ERR_OUT_OF_RANGE The value of "options.ttl" is out of range. It must be an integer. Received 1.5
TypeError ERR_INVALID_ARG_TYPE The "by" argument must be of type number. Received type string ('1')
RangeError ERR_OUT_OF_RANGE The value of "by" is out of range. It must be a finite number. Received NaN
Error ERR_STORE_NOT_A_NUMBER the value is not a number that can be incremented
4194302`
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// TestStoreAtTheEnd ends scripts that do not wait for what they keep.
func TestStoreAtTheEnd(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "s")
	scripttest.Output(t, `require('mqscript').store.set('a', 1); exit()`, dataIn(dir))
	r := scripttest.Start(t, `
		const { store } = require('mqscript')
		exports.onWillExit = () => { store.increment('a', 10) }`, dataIn(dir))
	r.Stop()
	_, _ = r.Ended()
	got := scripttest.Output(t, `require('mqscript').store.get('a').then((v) => { console.log(v); exit() })`, dataIn(dir))
	if got != "11" {
		t.Error(got)
	}
	if _, err := os.Stat(dir + ".store"); err != nil {
		t.Error(err)
	}
}

// TestStoreIsTheScriptsOwn gives one file to two scripts, and no place to a
// third.
func TestStoreIsTheScriptsOwn(t *testing.T) {
	t.Parallel() // the second waits for the first
	dir := filepath.Join(t.TempDir(), "s")
	first := scripttest.Start(t, `
		const { store } = require('mqscript')
		store.set('a', 1).then(() => console.log('kept'))
		exports.onMessage = () => {}`, dataIn(dir))
	first.Prints("kept")
	got := scripttest.Output(t, `require('mqscript').store.get('a').catch((e) => { console.log(e.code); exit() })`, dataIn(dir))
	if got != "ERR_STORE_IN_USE" {
		t.Error(got)
	}
	got = scripttest.Output(t, `require('mqscript').store.get('a').catch((e) => { console.log(e.code, e.message); exit() })`, dataIn(""))
	if got != "ERR_STORE_UNAVAILABLE the script has no folder for a store" {
		t.Error(got)
	}
}

func TestEnv(t *testing.T) {
	got := scripttest.Output(t, `
		'use strict'
		process.env.LATER = 'x'
		const { env } = require('mqscript')
		console.log(env, Object.isFrozen(env))
		try { env.HOME = 'x' } catch (e) { console.log(e.name) }
		exit()`, func(o *script.Options) { o.Env = map[string]string{"HOME": "/home/me", "A": "1"} })
	if want := "{ A: '1', HOME: '/home/me' } true\nTypeError"; got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
