# What contributors type. CI runs .ci/run, which calls these.

GO ?= go
GOLANGCI_LINT = $(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GOFUMPT = $(GO) run mvdan.cc/gofumpt@v0.12.0
GOVULNCHECK = $(GO) run golang.org/x/vuln/cmd/govulncheck@v1.9.0
FUZZTIME ?= 10s

.PHONY: build test race lint fmt tidy fuzz bench bench-check microbench soak cross vuln js ci clean

build:
	CGO_ENABLED=0 $(GO) build -o mqscript ./cmd/mqscript

test:
	$(GO) test ./...

race:
	$(GO) test -race ./...

lint:
	$(GO) vet ./...
	$(GOLANGCI_LINT) run

fmt:
	$(GOFUMPT) -w .

tidy:
	$(GO) mod tidy -diff

# Each fuzz target for FUZZTIME.
fuzz:
	.ci/fuzz $(FUZZTIME)

# mqscript and MQTT.js side by side: about half an hour. BENCHFLAGS=-quick for
# two minutes; docs/BENCHMARK.md has the other flags.
bench: bench/node_modules bench/others/node_modules
	$(GO) run ./bench $(BENCHFLAGS)

# Fails when a case is well below bench/baseline.json.
bench-check: bench/node_modules
	$(GO) run ./bench -check $(BENCHFLAGS)

bench/node_modules bench/others/node_modules: %/node_modules: %/package-lock.json
	cd $* && npm ci --no-audit --no-fund
	touch $@

# Faults for twenty minutes: memory, goroutines and file handles must not grow.
# SOAKFLAGS="-seed 7 -faults 5000" for others.
soak:
	$(GO) test -timeout 30m -run TestSoak -v ./test -args -soak 20m $(SOAKFLAGS)

microbench:
	$(GO) test -run '^$$' -bench . -benchmem ./...

# That it builds for others, without cgo.
cross:
	CGO_ENABLED=0 GOOS=linux GOARCH=arm64 $(GO) build -o /dev/null ./cmd/mqscript
	CGO_ENABLED=0 GOOS=linux GOARCH=arm $(GO) build -o /dev/null ./cmd/mqscript
	CGO_ENABLED=0 GOOS=windows GOARCH=amd64 $(GO) build -o /dev/null ./cmd/mqscript
	CGO_ENABLED=0 GOOS=darwin GOARCH=arm64 $(GO) build -o /dev/null ./cmd/mqscript

vuln:
	$(GOVULNCHECK) ./...

# The JavaScript packages that some tests compare with.
js:
	@for lock in $$(git ls-files '*package-lock.json'); do \
		echo "npm ci in $$(dirname $$lock)"; \
		(cd $$(dirname $$lock) && npm ci --no-audit --no-fund) || exit 1; \
	done

ci:
	.ci/run

clean:
	rm -rf mqscript mqscript.exe dist
