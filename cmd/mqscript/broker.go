package main

import (
	"context"
	"errors"

	"github.com/mqscript/mqscript/internal/broker"
	"github.com/mqscript/mqscript/internal/config"
)

// serveBroker runs the embedded broker until the context is cancelled.
func serveBroker(ctx context.Context, settings *config.Broker, c console) error {
	log := newLog(settings.Log, c)
	opts, warning, err := settings.Options()
	if err != nil {
		return usage(err)
	}
	if warning != "" {
		log.Warn(warning)
	}
	opts.Log = log
	b, err := broker.Start(opts)
	if errors.Is(err, broker.ErrOpen) {
		return usage(errors.New(err.Error() + " with --user or --anonymous"))
	}
	if err != nil {
		return err
	}
	log.Info("listening on " + b.URL())
	if b.WebSocketURL() != "" {
		log.Info("listening on " + b.WebSocketURL())
	}
	<-ctx.Done()
	log.Info("stopping")
	return b.Close()
}
