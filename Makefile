# make run     the window with a training workspace; without a display it is played and photographed
# make test    everything, from nothing
# make soak    what takes longer: campaigns against foreign mail servers
# make bench   the figures of the README, measured now
# make lint    what make test checks besides the tests
# make build   bin/sendoff and bin/sendoffctl; make ctl: the latter alone, which needs no graphics
# make clean   removes bin and build

SHELL    := /bin/bash
.SHELLFLAGS := -euo pipefail -c
GO       ?= go
FLAGS    := -trimpath -buildvcs=false
TRAINING ?= $(or $(XDG_DATA_HOME),$(HOME)/.local/share)/sendoff-training
TOUR     ?= build/tour
export CGO_ENABLED := 1

.PHONY: run deps build ctl test soak lint bench clean
.DEFAULT_GOAL := build

deps:
	@.ci/deps build

build: deps
	@mkdir -p bin
	$(GO) build $(FLAGS) -o bin/ . ./engine/cmd/sendoffctl

ctl:
	@mkdir -p bin
	$(GO) build $(FLAGS) -o bin/ ./engine/cmd/sendoffctl

run: build
	@.ci/deps headless
	@if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then \
	  echo "The training workspace is $(TRAINING). Press Prepare, then Confirm send."; \
	  exec bin/sendoff --sample --workspace "$(TRAINING)"; \
	fi; \
	.ci/play "$(TOUR)" --size 1280x820

test: deps
	@.ci/deps headless
	@.ci/deps tools
	@.ci/deps browser
	@$(MAKE) --no-print-directory lint
	@tool() { if [ -x "build/tools/$$1" ]; then echo "$(CURDIR)/build/tools/$$1"; fi; }; \
	sink="$$(tool smtp-sink)" opendkim="$$(tool opendkim)" dkimpy="$$(tool dkimpy)" chromium="$$(tool chromium)"; set -x; \
	SMTP_SINK="$$sink" OPENDKIM="$$opendkim" DKIMPY="$$dkimpy" CHROMIUM="$$chromium" $(GO) test -race -shuffle=on -timeout 15m ./...

soak: deps
	@.ci/deps tools
	SENDOFF_SOAK=1 SENDOFF_TEST_KILLS=500 $(GO) test -timeout 150m -count=1 -run 'Kill|Soak|SMTP|Postfix|Exim|Fault' ./engine ./engine/interop ./engine/message

lint:
	@unformatted=$$(find . -name '*.go' -not -path './build/*' -print0 | xargs -0 gofmt -l); \
	if [ -n "$$unformatted" ]; then echo "gofmt -w is missing on:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...

bench: deps
	@.ci/deps tools
	@mkdir -p bin
	$(GO) build $(FLAGS) -o bin/ ./engine/bench
	$(GO) test -c $(FLAGS) -o bin/window.test ./app/shell
	@tool() { if [ -x "build/tools/$$1" ]; then echo "$(CURDIR)/build/tools/$$1"; fi; }; \
	SMTP_SOURCE="$$(tool smtp-source)" SQLITE3="$$(tool sqlite3)" WINDOW_TESTS=bin/window.test bin/bench $(BENCH)

clean:
	rm -rf bin build
