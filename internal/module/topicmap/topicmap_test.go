package topicmap_test

import (
	"strings"
	"testing"

	"github.com/mqscript/mqscript/internal/script/scripttest"
)

func TestTopicMap(t *testing.T) {
	got := scripttest.Output(t, `
		const { TopicMap } = require('mqscript')
		const t = new TopicMap([['in/+/lamp', 'lamp'], ['in/#', 'all'], ['$share/g/in/kitchen/lamp', 'shared'], ['+', 'one']])
		const log = (...words) => console.log(JSON.stringify(words).slice(1, -1))
		log(t instanceof Map, t.size, [...t.keys()])
		log(t.first('in/kitchen/lamp'), t.matches('in/kitchen/lamp'), t.matches('in'), t.first('out') ?? null, t.first('a/b') ?? null, t.matches('a/b'))
		log(t.matches('$SYS'), t.first('') ?? null, t.matches(''))

		// The order is that of a Map: a value that changes keeps its place.
		t.set('in/+/lamp', { new: true })
		log(t.matches('in/kitchen/lamp'), t.get('in/+/lamp'), t.has('in/#'))
		log(t.delete('in/+/lamp'), t.delete('in/+/lamp'), t.matches('in/kitchen/lamp'))
		t.set('in/+/lamp', undefined)
		log(t.matches('in/kitchen/lamp').length, t.matches('in/kitchen/lamp').at(-1) === undefined, t.set('x', 1) === t)
		t.delete('$share/g/in/kitchen/lamp')
		t.set('$share/h/x', 2)
		log(t.matches('x'), t.delete('x'), t.matches('x'))
		t.clear()
		log(t.size, t.matches('in/kitchen/lamp'), t.set('a', 1).first('a'))

		for (const bad of ['a#', 'a+/b', '', 'a/#/b', 7, undefined, '\u0000'])
			try { t.set(bad, 1); log('taken', bad) } catch (err) { console.log(err.name, err.code, err.message) }
		try { t.first(7) } catch (err) { console.log(err.name, err.code) }
		log(t.size)
		class Routes extends TopicMap { handle(topic) { return this.first(topic)(topic) } }
		log(new Routes([['a/+', (topic) => 'handled ' + topic]]).handle('a/b'), new TopicMap().size, new TopicMap(null).size, t[Symbol.toStringTag])
		exit()`)
	want := `true,4,["in/+/lamp","in/#","$share/g/in/kitchen/lamp","+"]
"lamp",["lamp","all","shared"],["all","one"],"one",null,[]
[],null,[]
[{"new":true},"all","shared"],{"new":true},true
true,false,["all","shared"]
3,true,true
["one",1,2],true,["one",2]
0,[],1
TypeError ERR_INVALID_ARG_VALUE The argument 'filter' is invalid: topic filter has # elsewhere than as its last level. Received 'a#'
TypeError ERR_INVALID_ARG_VALUE The argument 'filter' is invalid: topic filter has + as a part of a level. Received 'a+/b'
`
	if !strings.HasPrefix(got, want) {
		t.Fatalf("got\n%s\nwant it to begin with\n%s", got, want)
	}
	for _, line := range []string{
		`TypeError ERR_INVALID_ARG_TYPE The "filter" argument must be of type string. Received type number (7)`,
		"1", `"handled a/b",0,0,"Map"`,
	} {
		if !strings.Contains(got+"\n", "\n"+line+"\n") {
			t.Errorf("lacks %q:\n%s", line, got)
		}
	}
}
