package script

import (
	"errors"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
)

// Error returns the message, so that a Host can return a ClientError as the
// error of Publish.
func (e *ClientError) Error() string { return e.Message }

// reasonErrors returns the prototype of the class that MQTT.js has for errors
// with a reason code.
func (s *Script) reasonErrors() *goja.Object {
	if s.reasonError == nil {
		s.reasonError = s.newReasonError()
	}
	return s.reasonError
}

func (s *Script) newReasonError() *goja.Object {
	s.vm.GlobalObject().Get("Error") // which makes its prototype known
	class := s.vm.CreateObject(s.errorProto)
	_ = class.DefineDataProperty("name", s.vm.ToValue("ErrorWithReasonCode"), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	ctor := s.vm.ToValue(func(call goja.ConstructorCall) *goja.Object {
		return s.errorObject(&ClientError{Name: "ErrorWithReasonCode", Message: call.Argument(0).String()})
	}).(*goja.Object)
	_ = ctor.DefineDataProperty("name", s.vm.ToValue("ErrorWithReasonCode"), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	_ = class.DefineDataProperty("constructor", ctor, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	return class
}

// errorObject makes the Error that onError and rejected promises show.
func (s *Script) errorObject(e *ClientError) *goja.Object {
	if e == nil {
		e = &ClientError{Name: "Error", Message: "unknown error"}
	}
	obj := nodeerr.New(s.vm, nodeerr.Error, "", e.Message)
	if e.Name == "ErrorWithReasonCode" {
		_ = obj.SetPrototype(s.reasonErrors())
	}
	switch {
	case e.HasReason:
		_ = obj.Set("code", int(e.Reason))
	case e.Code != "":
		_ = obj.Set("code", e.Code)
	}
	return obj
}

// errorObjectOf makes an Error of any error of the host.
func (s *Script) errorObjectOf(err error) *goja.Object {
	var client *ClientError
	if errors.As(err, &client) {
		return s.errorObject(client)
	}
	return s.errorObject(&ClientError{Name: "Error", Message: err.Error()})
}
