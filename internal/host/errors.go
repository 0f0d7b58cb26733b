package host

import (
	"errors"

	"github.com/mqscript/mqscript/internal/mqtt"
	"github.com/mqscript/mqscript/internal/script"
)

// clientError turns an error of the client into what a script sees; nil stays
// nil.
func clientError(err error) *script.ClientError {
	if err == nil {
		return nil
	}
	out := &script.ClientError{Name: "Error", Message: err.Error()}
	if errors.Is(err, mqtt.ErrNotStored) {
		out.Message = "publish: resolveWhen: 'stored' is for messages of QoS 1 and 2, and needs a session on disk (mqscript run --session DIR)"
	}
	var e *mqtt.Error
	if errors.As(err, &e) {
		out.Code, out.Reason, out.HasReason = e.Code, e.Reason, e.HasReason
		if e.HasReason {
			out.Name = "ErrorWithReasonCode"
		}
	}
	return out
}
