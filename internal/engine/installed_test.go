package engine_test

import (
	"github.com/mqscript/mqscript/internal/engine"
	"github.com/mqscript/mqscript/internal/module/json"
)

func init() { engine.InstallJSON = json.Install }
