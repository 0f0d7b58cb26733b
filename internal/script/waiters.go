package script

import "github.com/dop251/goja"

type waiter struct{}
type subscribing struct{}

func (s *Script) offerToWaiters(m *Message, payload goja.Value) {}
